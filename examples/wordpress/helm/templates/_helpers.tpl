{{/* The name of everything: the release's, unless that says wordpress already. Cut before the suffix, so that no two parts share a name. */}}
{{- define "wordpress.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" (.Release.Name | trunc 43 | trimSuffix "-") .Chart.Name -}}
{{- end -}}
{{- end -}}

{{- define "wordpress.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "wordpress.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{ include "wordpress.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: wordpress
{{- end -}}

{{/* Where the database is: the chart's own, or the one that was named. */}}
{{- define "wordpress.databaseHost" -}}
{{- if .Values.mariadb.enabled -}}
{{- include "mariadb.fullname" .Subcharts.mariadb }}:3306
{{- else -}}
{{- required "externalDatabase.host is needed when mariadb.enabled is false" .Values.externalDatabase.host }}:{{ .Values.externalDatabase.port }}
{{- end -}}
{{- end -}}

{{- define "wordpress.databaseSecret" -}}
{{- if .Values.mariadb.enabled -}}
{{- include "mariadb.fullname" .Subcharts.mariadb -}}
{{- else -}}
{{- include "wordpress.fullname" . -}}
{{- end -}}
{{- end -}}
