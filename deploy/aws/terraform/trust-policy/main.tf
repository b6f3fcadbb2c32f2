# The trust policy alone, as JSON, for a role of your own. It needs no provider.

terraform {
  required_version = ">= 1.9"
}

locals {
  # AWS knows an OpenID Connect provider by its address without the scheme.
  issuer = trimprefix(var.issuer_url, "https://")

  statement = {
    Sid       = "VelaSteps"
    Effect    = "Allow"
    Principal = { Federated = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.issuer}" }
    Action    = "sts:AssumeRoleWithWebIdentity"
    Condition = merge(
      {
        StringEquals = merge(
          { "${local.issuer}:aud" = var.audience },
          length(var.vpc_endpoints) == 0 ? {} : { "aws:SourceVpce" = var.vpc_endpoints },
        )
        StringLike = { "${local.issuer}:sub" = var.subjects }
      },
      # A request has either a public address or a private one: the variables' checks keep them apart.
      length(var.source_ips) == 0 ? {} : { IpAddress = { "aws:SourceIp" = var.source_ips } },
      length(var.vpc_source_ips) == 0 ? {} : { IpAddress = { "aws:VpcSourceIp" = var.vpc_source_ips } },
    )
  }
}

output "json" {
  description = "The trust policy, for assume_role_policy of an aws_iam_role."
  value       = jsonencode({ Version = "2012-10-17", Statement = [local.statement] })
}
