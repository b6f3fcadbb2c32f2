{{- define "gateway.container" -}}
- name: gateway
  image: {{ include "gateway.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [serve, --config, /etc/vela-aws-gateway/config/config.yaml]
  env:
    - name: GATEWAY_REPLICA
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    {{- with .Values.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.extraEnvFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  ports:
    - name: {{ include "gateway.scheme" . }}
      containerPort: {{ include "gateway.port" . }}
    - name: health
      containerPort: 9090
    {{- if .Values.issuer.listener.enabled }}
    - name: issuer
      containerPort: 8081
    {{- end }}
  startupProbe:
    httpGet: {path: /livez, port: health}
    {{- toYaml .Values.probes.startup | nindent 4 }}
  livenessProbe:
    httpGet: {path: /livez, port: health}
    {{- toYaml .Values.probes.liveness | nindent 4 }}
  readinessProbe:
    httpGet: {path: /readyz, port: health}
    {{- toYaml .Values.probes.readiness | nindent 4 }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    {{- include "gateway.containerSecurity" . | nindent 4 }}
  volumeMounts:
    {{- include "gateway.mounts" . | nindent 4 }}
{{- end -}}

{{- define "gateway.containerSecurity" -}}
# No value turns this off: the gateway needs none of it.
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "gateway.mounts" -}}
- name: config
  mountPath: /etc/vela-aws-gateway/config
  readOnly: true
- name: policy
  mountPath: /etc/vela-aws-gateway/policy.d
  readOnly: true
{{- if .Values.tls.secretName }}
- name: tls
  mountPath: /etc/vela-aws-gateway/tls
  readOnly: true
{{- end }}
{{- if .Values.tls.clientCA.secretName }}
- name: client-ca
  mountPath: /etc/vela-aws-gateway/client-ca
  readOnly: true
{{- end }}
{{- if .Values.emergencyDeny.enabled }}
- name: emergency-deny
  mountPath: /etc/vela-aws-gateway/emergency-deny
  readOnly: true
{{- end }}
{{- if .Values.oneUseStore.passwordSecret.name }}
- name: one-use-store
  mountPath: /etc/vela-aws-gateway/one-use-store
  readOnly: true
{{- end }}
{{- if .Values.issuer.keysSecret }}
- name: issuer-keys
  mountPath: /etc/vela-aws-gateway/issuer-keys
  readOnly: true
{{- end }}
{{- if ne .Values.audit.file.volume "none" }}
- name: audit
  mountPath: {{ dir .Values.audit.file.path }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}
