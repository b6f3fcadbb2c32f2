variable "account_id" {
  description = "The account of the role and of the OpenID Connect provider."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have twelve digits."
  }
}

variable "partition" {
  description = "aws, aws-us-gov, aws-cn or another."
  type        = string
  default     = "aws"
}

variable "issuer_url" {
  description = "The issuer of Vela's ID tokens, letter by letter: <VELA_ADDR>/_services/token unless your administrator set another one."
  type        = string

  validation {
    condition     = startswith(var.issuer_url, "https://") && !endswith(var.issuer_url, "/")
    error_message = "issuer_url must begin with https:// and not end with a slash."
  }
}

variable "audience" {
  description = "The audience of the ID tokens. The gateway's policy lists the same one."
  type        = string
  default     = "sts.amazonaws.com"
}

variable "federation" {
  description = "Whose tokens the role takes: forward, Vela's own; issuer, the gateway's; both, while the role moves from one to the other."
  type        = string
  default     = "forward"

  validation {
    condition     = contains(["forward", "both", "issuer"], var.federation)
    error_message = "federation must be forward, both or issuer."
  }
}

variable "gateway_issuer_url" {
  description = "The URL of the gateway's own issuer, letter by letter. For federation both and issuer."
  type        = string
  default     = ""

  validation {
    condition     = var.federation == "forward" || can(regex("^https://[^/:]+(/.*[^/])?$", var.gateway_issuer_url))
    error_message = "federation both and issuer need gateway_issuer_url: https://, a host without a port, no slash at the end."
  }
}

variable "gateway_audience" {
  description = "The audience of the gateway's own tokens."
  type        = string
  default     = "sts.amazonaws.com"
}

variable "gateway_subjects" {
  description = "Patterns of the gateway's own sub. None: those of subjects. With several issuers it begins with the issuer's name in the gateway's policy: vela:repo:<org>/<repo>:..."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for subject in var.gateway_subjects : can(regex("^([A-Za-z0-9._-]+:)?repo:[^*?/:]+/", subject))])
    error_message = "Each of gateway_subjects must name an organization without a wildcard: repo:<org>/... or <issuer>:repo:<org>/..."
  }
}

variable "subjects" {
  description = "Which steps may assume the role: patterns of the claim sub, repo:<org>/<repo>:ref:<ref>:event:<event>."
  type        = list(string)

  validation {
    # AWS would take "*" and give the role to every repository of that Vela.
    condition     = length(var.subjects) > 0 && alltrue([for subject in var.subjects : can(regex("^repo:[^*?/:]+/", subject))])
    error_message = "Each subject must name an organization without a wildcard: repo:<org>/..."
  }
}

variable "source_ips" {
  description = "Pins the way over the internet: the public addresses (CIDRs) from which the gateway calls STS. None: from anywhere."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.source_ips : can(cidrhost(cidr, 0))])
    error_message = "Each of source_ips must be a CIDR, such as 203.0.113.7/32."
  }

  validation {
    condition     = length(var.source_ips) == 0 || length(var.vpc_endpoints) == 0 && length(var.vpc_source_ips) == 0
    error_message = "source_ips pins the internet, vpc_endpoints and vpc_source_ips a VPC. No request comes by both: set one of them."
  }
}

variable "vpc_endpoints" {
  description = "Pins the way through a VPC: the interface endpoints for STS (vpce-...) that the gateway uses. None: from anywhere."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.vpc_endpoints : startswith(id, "vpce-")])
    error_message = "Each of vpc_endpoints must be the id of an endpoint: vpce-..."
  }
}

variable "vpc_source_ips" {
  description = "With vpc_endpoints: the private addresses (CIDRs) of the gateway, so that no other pod behind the endpoint may call."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.vpc_source_ips : can(cidrhost(cidr, 0))])
    error_message = "Each of vpc_source_ips must be a CIDR, such as 10.0.12.0/24."
  }

  validation {
    condition     = length(var.vpc_source_ips) == 0 || length(var.vpc_endpoints) > 0
    error_message = "vpc_source_ips needs vpc_endpoints: another VPC may use the same private addresses."
  }
}
