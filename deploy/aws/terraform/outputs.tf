output "role_arn" {
  description = "For `roles` of the gateway's policy and `role` of the step."
  value       = aws_iam_role.vela.arn
}

output "trust_policy" {
  description = "What AWS checks of a token: sub, aud and the way it came. The rest is the gateway's policy."
  value       = module.trust_policy.json
}
