{{/* Cut at 52, the most that Kubernetes takes for a CronJob. */}}
{{- define "gateway.prober.fullname" -}}
{{- include "gateway.fullname" . | trunc 45 | trimSuffix "-" }}-prober
{{- end -}}

{{/* Not the gateway's: its services would send steps to the prober's pods. */}}
{{- define "gateway.prober.selector" -}}
app.kubernetes.io/name: {{ include "gateway.name" . | trunc 56 | trimSuffix "-" }}-prober
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gateway.prober.labels" -}}
{{ include "gateway.prober.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "gateway.prober.url" -}}
{{- if .Values.prober.gatewayUrl -}}
{{- .Values.prober.gatewayUrl -}}
{{- else -}}
{{- printf "%s://%s.%s.svc:%v" (include "gateway.scheme" .) (include "gateway.fullname" .) .Release.Namespace (include "gateway.servicePort" .) -}}
{{- end -}}
{{- end -}}

{{/* The port of that address. */}}
{{- define "gateway.prober.urlPort" -}}
{{- $url := include "gateway.prober.url" . -}}
{{- default (ternary "443" "80" (hasPrefix "https://" $url)) (regexFind ":[0-9]+$" ($url | trimSuffix "/") | trimPrefix ":") -}}
{{- end -}}

{{- define "gateway.prober.arguments" -}}
- probe
- --gateway
- {{ include "gateway.prober.url" . | quote }}
- --key
- {{ printf "/prober/%s" .Values.prober.keyName | quote }}
{{- range $option, $value := dict "issuer" .Values.prober.issuer "audience" .Values.prober.audience "subject" .Values.prober.subject "role" .Values.prober.role "expect" .Values.prober.expect "timeout" .Values.prober.timeout }}
- --{{ $option }}
- {{ $value | quote }}
{{- end }}
{{- with .Values.prober.forbiddenRole }}
- --forbidden-role
- {{ . | quote }}
{{- end }}
{{- if include "gateway.prober.authorities" . }}
- --gateway-ca
- {{ printf "/prober-ca/%s" .Values.prober.gatewayCa.key | quote }}
{{- end }}
{{- if .Values.prober.allowPlaintext }}
- --allow-plaintext
{{- end }}
{{- end -}}

{{/* The source of the volume with the authorities; empty for the system's. The key alone: a TLS secret holds a private key too. */}}
{{- define "gateway.prober.authorities" -}}
{{- with .Values.prober.gatewayCa -}}
{{- if .secretName -}}
secret:
  secretName: {{ .secretName }}
  items: [{key: {{ .key }}, path: {{ .key }}}]
  defaultMode: 0440
{{- else if .configMapName -}}
configMap:
  name: {{ .configMapName }}
  items: [{key: {{ .key }}, path: {{ .key }}}]
  defaultMode: 0444
{{- end -}}
{{- end -}}
{{- end -}}

{{/* As gateway.refusals. */}}
{{- define "gateway.prober.refusals" -}}
{{- $prober := .Values.prober -}}
{{- range $key, $what := dict
      "existingSecret" "the secret with the key that 'vela-aws-gateway probe new-key' made"
      "issuer" "the url of the prober's issuer in the policy"
      "audience" "one of the audiences of the prober's issuer in the policy"
      "subject" "the sub that the prober's rule in the policy asks for"
      "role" "the ARN of a role that may do nothing" -}}
{{- if not (get $prober $key) -}}
{{- fail (printf "prober.enabled needs prober.%s: %s; docs/operations.md, Probing" $key $what) -}}
{{- end -}}
{{- end -}}
{{- if eq $prober.role $prober.forbiddenRole -}}
{{- fail "prober.forbiddenRole must be another role than prober.role: one that the policy does not give" -}}
{{- end -}}
{{- if and (hasPrefix "http://" (include "gateway.prober.url" .)) (not $prober.allowPlaintext) -}}
{{- fail (printf "the prober would ask %s, where its tokens travel in the clear: set prober.gatewayUrl to the https address that steps call, or prober.allowPlaintext" (include "gateway.prober.url" .)) -}}
{{- end -}}
{{- if and (hasPrefix "https://" (include "gateway.prober.url" .)) $prober.allowPlaintext -}}
{{- fail "prober.allowPlaintext is set, and the prober asks an https address: leave it out" -}}
{{- end -}}
{{- if and $prober.gatewayCa.secretName $prober.gatewayCa.configMapName -}}
{{- fail "prober.gatewayCa.secretName and prober.gatewayCa.configMapName are both set: keep one" -}}
{{- end -}}
{{- if and (include "gateway.prober.authorities" .) (hasPrefix "http://" (include "gateway.prober.url" .)) -}}
{{- fail "prober.gatewayCa names authorities, and the prober asks an http address, which has no certificate: leave one out" -}}
{{- end -}}
{{- if gt (include "gateway.seconds" $prober.timeout | int) 300 -}}
{{- fail "prober.timeout is for one request: 100ms to 5m" -}}
{{- end -}}
{{- end -}}

{{- define "gateway.prober.pod" -}}
metadata:
  labels:
    {{- include "gateway.prober.labels" . | nindent 4 }}
spec:
  restartPolicy: Never
  # It asks nothing of the cluster and nothing of AWS: no account of its own.
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- include "gateway.podSecurity" . | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: prober
      image: {{ include "gateway.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        {{- include "gateway.prober.arguments" . | nindent 8 }}
      resources:
        {{- toYaml .Values.prober.resources | nindent 8 }}
      securityContext:
        {{- include "gateway.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - name: key
          mountPath: /prober
          readOnly: true
        {{- if include "gateway.prober.authorities" . }}
        - name: authorities
          mountPath: /prober-ca
          readOnly: true
        {{- end }}
  volumes:
    - name: key
      secret:
        secretName: {{ .Values.prober.existingSecret }}
        items: [{key: {{ .Values.prober.keyName }}, path: {{ .Values.prober.keyName }}}]
        defaultMode: 0440
    {{- with include "gateway.prober.authorities" . }}
    - name: authorities
      {{- . | nindent 6 }}
    {{- end }}
{{- end -}}
