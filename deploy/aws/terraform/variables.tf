variable "issuer_url" {
  description = "The issuer of Vela's ID tokens, letter by letter: <VELA_ADDR>/_services/token unless your administrator set another one."
  type        = string
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
}

variable "gateway_issuer_url" {
  description = "The URL of the gateway's own issuer, letter by letter. For federation both and issuer."
  type        = string
  default     = ""
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
}

variable "create_provider" {
  description = "Whether to make the OpenID Connect provider for Vela. An account has one for each issuer. Taking it away takes it from all roles of the account."
  type        = bool
  default     = true
}

variable "create_gateway_provider" {
  description = "Whether to make the OpenID Connect provider for the gateway's own issuer. Taking it away takes it from all roles of the account."
  type        = bool
  default     = false
}

variable "thumbprints" {
  description = "SHA-1 of the authority's certificate, for an issuer with a certificate of a private authority. None: AWS decides by its own trust."
  type        = list(string)
  default     = []
}

variable "role_name" {
  description = "The name of the role."
  type        = string
}

variable "max_session_duration" {
  description = "The longest session in seconds, 3600 to 43200. AWS refuses a longer request, so the gateway's max_duration must not be above it."
  type        = number
  default     = 3600
}

variable "policy_arns" {
  description = "Managed policies that say what the role may do."
  type        = list(string)
  default     = []
}

variable "subjects" {
  description = "Which steps may assume the role: patterns of the claim sub, repo:<org>/<repo>:ref:<ref>:event:<event>."
  type        = list(string)
}

variable "source_ips" {
  description = "Pins the way over the internet: the public addresses (CIDRs) from which the gateway calls STS. None: from anywhere."
  type        = list(string)
  default     = []
}

variable "vpc_endpoints" {
  description = "Pins the way through a VPC: the interface endpoints for STS (vpce-...) that the gateway uses. None: from anywhere."
  type        = list(string)
  default     = []
}

variable "vpc_source_ips" {
  description = "With vpc_endpoints: the private addresses (CIDRs) of the gateway, so that no other pod behind the endpoint may call."
  type        = list(string)
  default     = []
}
