{{/* Names are cut at 63 characters, the limit of a DNS label. */}}
{{- define "operator.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of a Service of the operator's, by what it is for: a DNS label as well. */}}
{{- define "operator.serviceName" -}}
{{- printf "%s-%s" (include "operator.fullname" .root | trunc (int (sub 62 (len .for))) | trimSuffix "-") .for -}}
{{- end -}}

{{- define "operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name must be given when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "operator.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "operator.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* What the operator may do with FeatureServers and what they refer to, wherever it watches. */}}
{{- define "operator.watchRules" -}}
- apiGroups: [aws.feast.dev]
  resources: [featureservers]
  # patch: its finalizer.
  verbs: [get, list, watch, patch]
- apiGroups: [aws.feast.dev]
  resources: [featureservers/status]
  verbs: [patch]
# featureStoreFrom, and the credentials of image.pullSecret.
- apiGroups: [""]
  resources: [configmaps, secrets]
  verbs: [get, list, watch]
{{- if .Values.operator.clientConfigMaps }}
# NAME-client. A rule cannot go by the end of a name, so it is for all in the namespace.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create, update, delete]
{{- end }}
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}
