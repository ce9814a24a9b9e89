{{- define "roadstead.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "roadstead.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "roadstead.labels" -}}
{{ include "roadstead.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "roadstead.host" -}}
{{ (urlParse .Values.publicUrl).host | splitList ":" | first }}
{{- end }}

{{- define "roadstead.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{ .Values.image.repository }}{{ if hasPrefix "sha256:" $tag }}@{{ else }}:{{ end }}{{ $tag }}
{{- end }}

{{- /* The variables of every process, as JSON. A setting that somebody names wins. */ -}}
{{- define "roadstead.environment" -}}
{{- $told := dict "ROADSTEAD_DATA_DIR" "/var/lib/roadstead/data" "ROADSTEAD_PUBLIC_URL" .Values.publicUrl "ROADSTEAD_LOG_FORMAT" "json" -}}
{{- $_ := set $told "ROADSTEAD_ALLOWED_HOSTS" (list (include "roadstead.host" .) | toJson) -}}
{{- $_ := set $told "ROADSTEAD_TRUSTED_PROXIES" (.Values.trustedProxies | toJson) -}}
{{- range $name, $value := .Values.s3 -}}
{{- if $value -}}{{- $_ := set $told (printf "ROADSTEAD_S3__%s" (upper $name)) $value -}}{{- end -}}
{{- end -}}
{{- range $name, $value := .Values.settings -}}
{{- /* Helm reads every number as a float: 33554432 must not become 3.3554432e+07. */ -}}
{{- $whole := and (kindIs "float64" $value) (eq (toString (floor $value)) (toString $value)) -}}
{{- $_ := set $told $name (ternary (printf "%d" (int64 $value)) (toString $value) $whole) -}}
{{- end -}}
{{- toJson $told -}}
{{- end }}

{{- /* What a container of Roadstead is allowed, told and given. Takes a dict of `root` and `part`. */ -}}
{{- define "roadstead.container" -}}
image: {{ include "roadstead.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [{{ .part | quote }}]
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - secretRef: {name: {{ .root.Values.secret.name | quote }}}
env:
  {{- range $name, $value := fromJson (include "roadstead.environment" .root) }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
volumeMounts:
  - {name: data, mountPath: /var/lib/roadstead}
  - {name: tmp, mountPath: /tmp}
{{- end }}

{{- /* What holds for every pod. */ -}}
{{- define "roadstead.pod" -}}
serviceAccountName: {{ .Values.serviceAccountName | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{ toJson . }}
{{- end }}
# Rows and files lie elsewhere: what is here may be lost.
volumes:
  - {name: data, emptyDir: {}}
  - {name: tmp, emptyDir: {}}
{{- end }}

{{- /* Of each node at most its share, where the cluster has room. Takes a dict of `root` and `part`. */ -}}
{{- define "roadstead.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "roadstead.selector" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .part }}
{{- end }}
