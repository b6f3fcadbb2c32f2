{{/* The pod, of a Deployment or of a StatefulSet. */}}
{{- define "gateway.pod" -}}
metadata:
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # Settings are read at start, so that a change of them makes new pods. A changed policy or certificate does not: the gateway takes
    # it by itself, whole or not at all, and keeps the last good one where a new pod could not start.
    checksum/config: {{ include "gateway.settings" . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "gateway.serviceAccount" . }}
  # The gateway asks nothing of the cluster.
  automountServiceAccountToken: false
  # A service called `gateway` would put GATEWAY_... into the environment, where the settings are.
  enableServiceLinks: false
  # drain_delay, drain_grace, and ten seconds to end.
  terminationGracePeriodSeconds: {{ include "gateway.gracePeriod" . }}
  securityContext:
    {{- include "gateway.podSecurity" . | nindent 4 }}
    {{- if eq .Values.audit.file.volume "persistentVolumeClaim" }}
    # Else each start would open the audit's files, which are 0600, to the group.
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.topologySpread.keys }}
  topologySpreadConstraints:
    {{- range . }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: {{ $.Values.topologySpread.whenUnsatisfiable }}
      labelSelector:
        matchLabels:
          {{- include "gateway.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    {{- include "gateway.container" . | nindent 4 }}
    {{- with .Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "gateway.volumes" . | nindent 4 }}
{{- end -}}

{{/* Of each pod of the chart. */}}
{{- define "gateway.podSecurity" -}}
runAsNonRoot: true
{{- range $key, $value := .Values.podUser }}
{{- if not (kindIs "invalid" $value) }}
{{ $key }}: {{ int64 $value }}
{{- end }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "gateway.volumes" -}}
- name: config
  configMap:
    name: {{ include "gateway.fullname" . }}-config
    defaultMode: 0444
- name: policy
  configMap:
    name: {{ include "gateway.policyConfigMap" . }}
    # The gateway refuses a policy that others may write.
    defaultMode: 0444
{{- with .Values.tls.secretName }}
- name: tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- with .Values.tls.clientCA.secretName }}
- name: client-ca
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- if .Values.emergencyDeny.enabled }}
- name: emergency-deny
  # Optional: it is there in an emergency only, and taken up without a restart.
  {{- if .Values.emergencyDeny.secretName }}
  secret:
    secretName: {{ .Values.emergencyDeny.secretName }}
    optional: true
    defaultMode: 0440
  {{- else }}
  configMap:
    name: {{ default (printf "%s-emergency-deny" (include "gateway.fullname" .)) .Values.emergencyDeny.configMapName }}
    optional: true
    defaultMode: 0444
  {{- end }}
{{- end }}
{{- with .Values.oneUseStore.passwordSecret.name }}
- name: one-use-store
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- with .Values.issuer.keysSecret }}
- name: issuer-keys
  secret:
    secretName: {{ . }}
    # The kubelet gives the files to fsGroup, which is this pod's alone.
    defaultMode: 0440
{{- end }}
{{- if eq .Values.audit.file.volume "emptyDir" }}
- name: audit
  emptyDir:
    sizeLimit: {{ .Values.audit.file.size }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
