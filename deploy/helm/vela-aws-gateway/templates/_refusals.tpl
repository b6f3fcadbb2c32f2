{{/* What the schema cannot see: values that are sound one by one and wrong together. Each says what to do. */}}
{{- define "gateway.refusals" -}}
{{- $audit := .Values.audit -}}
{{- if and .Values.tls.secretName .Values.tls.terminatedBy -}}
{{- fail "tls.secretName and tls.terminatedBy are both set: the gateway ends TLS itself, or something in front of it does; keep one" -}}
{{- end -}}
{{- if and .Values.tls.clientCA.secretName (not .Values.tls.secretName) -}}
{{- fail "tls.clientCA asks callers for certificates in TLS: set tls.secretName, or let the proxy in front ask them" -}}
{{- end -}}
{{- if and .Values.policy.files .Values.policy.existingConfigMap -}}
{{- fail "policy.files and policy.existingConfigMap are both set: keep the one that is reviewed" -}}
{{- end -}}
{{- if and (eq (include "gateway.mostReplicas" . | int) 1 | not) (eq (default "" .Values.config.one_use_store) "memory") -}}
{{- fail "config.one_use_store is memory with more than one replica: each would take the same token once; set redis://... or rediss://..., or replicas: 1 without autoscaling" -}}
{{- end -}}
{{- if and .Values.oneUseStore.passwordSecret.name (not (hasPrefix "redis" (default "" .Values.config.one_use_store))) -}}
{{- fail "oneUseStore.passwordSecret is the password of a server: set config.one_use_store to its redis:// or rediss:// address" -}}
{{- end -}}
{{- if or (and .Values.issuer.url (not .Values.issuer.keysSecret)) (and .Values.issuer.keysSecret (not .Values.issuer.url)) -}}
{{- fail "issuer.url and issuer.keysSecret belong together: make a key by 'vela-aws-gateway issuer new-key', put it into a secret, and set both" -}}
{{- end -}}
{{- if and .Values.issuer.listener.enabled (not .Values.issuer.url) -}}
{{- fail "issuer.listener serves the documents of an issuer: set issuer.url and issuer.keysSecret" -}}
{{- end -}}
{{- if and .Values.emergencyDeny.configMapName .Values.emergencyDeny.secretName -}}
{{- fail "emergencyDeny.configMapName and emergencyDeny.secretName are both set: keep the one that you would write in an emergency" -}}
{{- end -}}
{{- if and .Values.config.emergency_deny_shared (not (hasPrefix "redis" (default "" .Values.config.one_use_store))) -}}
{{- fail "config.emergency_deny_shared needs a server that all replicas ask: set config.one_use_store to its redis:// or rediss:// address" -}}
{{- end -}}
{{- if and (not $audit.stdout) (eq $audit.file.volume "none") -}}
{{- fail "audit.stdout is false and audit.file.volume is none: without a record there are no credentials; set one of them" -}}
{{- end -}}
{{- if and (eq $audit.file.volume "emptyDir") (not $audit.stdout) (not .Values.extraContainers) -}}
{{- fail "audit.file.volume emptyDir is gone with the pod: ship the file from a container in extraContainers, set audit.stdout, or take persistentVolumeClaim" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (not (dig "requests" "cpu" "" .Values.resources)) -}}
{{- fail "autoscaling counts CPU in parts of the request: set resources.requests.cpu" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail "autoscaling.minReplicas is above autoscaling.maxReplicas" -}}
{{- end -}}
{{- include "gateway.refuseClosedPort" (list . "outbound_proxy") -}}
{{- include "gateway.refuseClosedPort" (list . "sts_endpoint") -}}
{{- include "gateway.refuseClosedPort" (list . "one_use_store") -}}
{{- end -}}

{{/* The largest number of gateways at one time that these values allow. */}}
{{- define "gateway.mostReplicas" -}}
{{- if .Values.autoscaling.enabled -}}{{ .Values.autoscaling.maxReplicas }}{{- else -}}{{ .Values.replicas }}{{- end -}}
{{- end -}}

{{/* A setting that names a server on a port which our own NetworkPolicy closes would fail by silence. */}}
{{- define "gateway.refuseClosedPort" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- $address := default "" (get $root.Values.config $key) -}}
{{- if and $root.Values.networkPolicy.enabled (not $root.Values.networkPolicy.extraEgress) (contains "://" $address) -}}
{{- $scheme := regexFind "^[a-z]+" $address -}}
{{- $written := regexFind ":[0-9]+$" (regexFind "^[a-z]+://[^/?]+" $address) | trimPrefix ":" -}}
{{- $port := default (get (dict "https" "443" "http" "80" "redis" "6379" "rediss" "6379") $scheme) $written | int -}}
{{- $open := list -}}
{{- range $root.Values.networkPolicy.serverPorts -}}{{- $open = append $open (int .) -}}{{- end -}}
{{- if not (has $port $open) -}}
{{- fail (printf "config.%s is at port %d, which the NetworkPolicy closes: add it to networkPolicy.serverPorts, or a rule to networkPolicy.extraEgress" $key $port) -}}
{{- end -}}
{{- end -}}
{{- end -}}
