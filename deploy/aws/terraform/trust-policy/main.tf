# The trust policy alone, as JSON, for a role of your own. It needs no provider.

terraform {
  required_version = ">= 1.9"
}

locals {
  # AWS knows an OpenID Connect provider by its address without the scheme.
  issuer         = trimprefix(var.issuer_url, "https://")
  gateway_issuer = trimprefix(var.gateway_issuer_url, "https://")

  # By which way a request must come. A request has either a public address or a private one: the variables' checks keep them apart.
  endpoint = length(var.vpc_endpoints) == 0 ? {} : { "aws:SourceVpce" = var.vpc_endpoints }
  addresses = merge(
    length(var.source_ips) == 0 ? {} : { IpAddress = { "aws:SourceIp" = var.source_ips } },
    length(var.vpc_source_ips) == 0 ? {} : { IpAddress = { "aws:VpcSourceIp" = var.vpc_source_ips } },
  )

  # The tokens that steps hold, and that the gateway forwards.
  vela_statement = {
    Sid       = "VelaSteps"
    Effect    = "Allow"
    Principal = { Federated = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.issuer}" }
    Action    = "sts:AssumeRoleWithWebIdentity"
    Condition = merge(
      {
        StringEquals = merge({ "${local.issuer}:aud" = var.audience }, local.endpoint)
        StringLike   = { "${local.issuer}:sub" = var.subjects }
      },
      local.addresses,
    )
  }

  # The gateway's own tokens, which no step ever holds.
  gateway_statement = {
    Sid       = "VelaGateway"
    Effect    = "Allow"
    Principal = { Federated = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.gateway_issuer}" }
    Action    = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]
    Condition = merge(
      {
        StringEquals = merge({ "${local.gateway_issuer}:aud" = var.gateway_audience }, local.endpoint)
        StringLike   = { "${local.gateway_issuer}:sub" = length(var.gateway_subjects) == 0 ? var.subjects : var.gateway_subjects }
      },
      local.addresses,
    )
  }

  # As texts, because the two have different attributes.
  statements = compact([
    var.federation == "issuer" ? "" : jsonencode(local.vela_statement),
    var.federation == "forward" ? "" : jsonencode(local.gateway_statement),
  ])
}

output "json" {
  description = "The trust policy, for assume_role_policy of an aws_iam_role."
  value       = jsonencode({ Version = "2012-10-17", Statement = [for statement in local.statements : jsondecode(statement)] })
}
