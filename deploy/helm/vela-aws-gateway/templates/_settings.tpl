{{/* A time of the gateway's settings, such as 500ms or 2m, in whole seconds, rounded up. */}}
{{- define "gateway.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int -}}
{{- $unit := regexFind "(ms|s|m|h)$" . -}}
{{- if eq $unit "ms" -}}{{ div (add $number 999) 1000 }}
{{- else -}}{{ mul $number (get (dict "s" 1 "m" 60 "h" 3600) $unit) }}
{{- end -}}
{{- end -}}

{{/* What SIGTERM may take: the drain's two times, and ten seconds to flush the audit and end. */}}
{{- define "gateway.gracePeriod" -}}
{{- $delay := include "gateway.seconds" (default "5s" .Values.config.drain_delay) | int -}}
{{- $grace := include "gateway.seconds" (default "15s" .Values.config.drain_grace) | int -}}
{{- add $delay $grace 10 -}}
{{- end -}}

{{- define "gateway.auditSinks" -}}
{{- $sinks := list -}}
{{- if .Values.audit.stdout -}}{{- $sinks = append $sinks "stdout" -}}{{- end -}}
{{- if ne .Values.audit.file.volume "none" -}}{{- $sinks = append $sinks (printf "file:%s" .Values.audit.file.path) -}}{{- end -}}
{{- toYaml $sinks -}}
{{- end -}}

{{/* The file for `serve --config`: the values' settings, and those that the chart's own manifests depend on. */}}
{{- define "gateway.settings" -}}
{{- $own := dict
      "listen" (printf "0.0.0.0:%s" (include "gateway.port" .))
      "health_listen" "0.0.0.0:9090"
      "policy" "/etc/vela-aws-gateway/policy.d"
      "audit" (include "gateway.auditSinks" . | fromYamlArray) -}}
{{- if .Values.tls.secretName -}}
{{- $_ := set $own "tls_certificate" "/etc/vela-aws-gateway/tls/tls.crt" -}}
{{- $_ := set $own "tls_key" "/etc/vela-aws-gateway/tls/tls.key" -}}
{{- else -}}
{{- $_ := set $own "allow_plaintext" true -}}
{{- end -}}
{{- if .Values.tls.clientCA.secretName -}}
{{- $_ := set $own "tls_client_ca" (printf "/etc/vela-aws-gateway/client-ca/%s" .Values.tls.clientCA.key) -}}
{{- end -}}
{{- with .Values.oneUseStore.passwordSecret -}}
{{- if .name -}}{{- $_ := set $own "one_use_store_password_file" (printf "/etc/vela-aws-gateway/one-use-store/%s" .key) -}}{{- end -}}
{{- end -}}
{{- with .Values.issuer -}}
{{- if .url -}}
{{- $_ := set $own "issuer_url" .url -}}
{{- $_ := set $own "issuer_keys" "/etc/vela-aws-gateway/issuer-keys" -}}
{{- $_ := set $own "issuer_keys_group_readable" true -}}
{{- if .listener.enabled -}}{{- $_ := set $own "issuer_listen" "0.0.0.0:8081" -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.emergencyDeny -}}
{{- if .enabled -}}{{- $_ := set $own "emergency_deny" (printf "/etc/vela-aws-gateway/emergency-deny/%s" .key) -}}{{- end -}}
{{- end -}}
{{- merge $own .Values.config | toYaml -}}
{{- end -}}
