# The AWS side of vela-aws-gateway: the OpenID Connect providers for Vela and for the gateway, and a role that Vela's steps may assume.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.81, < 7"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# One for each account and Vela. Set create_provider to false for the second role.
resource "aws_iam_openid_connect_provider" "vela" {
  count = var.create_provider ? 1 : 0

  url            = var.issuer_url
  client_id_list = [var.audience]
  # AWS trusts public authorities by itself. A thumbprint is for a Vela whose certificate is of a private one.
  thumbprint_list = length(var.thumbprints) > 0 ? var.thumbprints : null
}

# For issuer mode: one for each account and gateway.
resource "aws_iam_openid_connect_provider" "gateway" {
  count = var.create_gateway_provider ? 1 : 0

  url             = var.gateway_issuer_url
  client_id_list  = [var.gateway_audience]
  thumbprint_list = length(var.thumbprints) > 0 ? var.thumbprints : null
}

module "trust_policy" {
  source = "./trust-policy"

  account_id     = data.aws_caller_identity.current.account_id
  partition      = data.aws_partition.current.partition
  issuer_url     = var.issuer_url
  audience       = var.audience
  subjects       = var.subjects
  source_ips     = var.source_ips
  vpc_endpoints  = var.vpc_endpoints
  vpc_source_ips = var.vpc_source_ips

  federation         = var.federation
  gateway_issuer_url = var.gateway_issuer_url
  gateway_audience   = var.gateway_audience
  gateway_subjects   = var.gateway_subjects
}

resource "aws_iam_role" "vela" {
  name                 = var.role_name
  description          = "For steps of Vela, through vela-aws-gateway"
  assume_role_policy   = module.trust_policy.json
  max_session_duration = var.max_session_duration

  # A role that names a provider which does not exist yet is refused by nobody, and works for nobody.
  depends_on = [aws_iam_openid_connect_provider.vela, aws_iam_openid_connect_provider.gateway]
}

resource "aws_iam_role_policy_attachment" "vela" {
  for_each = toset(var.policy_arns)

  role       = aws_iam_role.vela.name
  policy_arn = each.value
}
