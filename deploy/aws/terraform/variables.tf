variable "issuer_url" {
  description = "The issuer of Vela's ID tokens, letter by letter: <VELA_ADDR>/_services/token unless your administrator set another one."
  type        = string
}

variable "audience" {
  description = "The audience of the ID tokens. The gateway's policy lists the same one."
  type        = string
  default     = "sts.amazonaws.com"
}

variable "create_provider" {
  description = "Whether to make the OpenID Connect provider. An account has one for each issuer."
  type        = bool
  default     = true
}

variable "thumbprints" {
  description = "SHA-1 of the authority's certificate, for a Vela with a certificate of a private authority. None: AWS decides by its own trust."
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
