{{/* Labels of everything; the component is added where there is one. */}}
{{- define "ufm-sweep.labels" -}}
app.kubernetes.io/name: ufm-sweep
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "ufm-sweep.selector" -}}
app.kubernetes.io/name: ufm-sweep
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- with .buildId }}
ufm-sweep/build-id: {{ . | quote }}
{{- end }}
{{- end }}

{{/* The build ids that run side by side, as JSON: one that is empty where there are no versions. */}}
{{- define "ufm-sweep.buildIds" -}}
{{- $ids := list -}}
{{- range .Values.workerDeployment.versions }}{{ $ids = append $ids .buildId }}{{ end -}}
{{- default (list "") $ids | toJson -}}
{{- end }}

{{/* The numerical version of the program of a version: its own where it says so, else that of the chart. */}}
{{- define "ufm-sweep.numericalVersion" -}}
{{- $number := .root.Values.numericalVersion -}}
{{- range .root.Values.workerDeployment.versions }}
{{- if eq .buildId $.buildId }}{{ $number = default $number .numericalVersion }}{{ end -}}
{{- end -}}
{{ $number }}
{{- end }}

{{/* The name of what belongs to a component of a version. */}}
{{- define "ufm-sweep.nameOf" -}}
{{ .root.Release.Name }}-{{ .component }}{{ with .buildId }}-{{ . | replace "." "-" }}{{ end }}
{{- end }}

{{/* The port of an address (host:port) or a URL. */}}
{{- define "ufm-sweep.portOf" -}}
{{- $host := regexReplaceAll "^[a-z]+://([^/]*).*$" . "${1}" -}}
{{- default (ternary "80" "443" (hasPrefix "http://" .)) (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $host)) -}}
{{- end }}

{{/* The image of a version's target: by its digest where that is given, else by its tag. */}}
{{- define "ufm-sweep.image" -}}
{{- $digests := .root.Values.image.digests -}}
{{- range .root.Values.workerDeployment.versions }}
{{- if eq .buildId $.buildId }}{{ $digests = default dict .digests }}{{ end -}}
{{- end -}}
{{- printf "%s:%s" .root.Values.image.repository .target }}{{ with .buildId }}-{{ . }}{{ end -}}
{{- with get $digests .target }}@{{ . }}{{ end -}}
{{- end }}

{{/* The resources of a pod, and what it writes to /tmp: without a share of the node's disk it may be evicted by others. */}}
{{- define "ufm-sweep.resources" -}}
{{- $disk := dict "ephemeral-storage" .scratch -}}
{{- $own := dict "requests" $disk "limits" $disk -}}
{{- toYaml (mergeOverwrite (deepCopy $own) (deepCopy .resources)) -}}
{{- end }}

{{/* What a worker needs to know of the server and the store. */}}
{{- define "ufm-sweep.environment" -}}
- { name: TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }} }
- { name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }} }
{{- with .Values.temporal.tlsSecret }}
- { name: TEMPORAL_TLS, value: 'true' }
- { name: TEMPORAL_TLS_SERVER_CA_CERT_PATH, value: /tls/ca.crt }
- { name: TEMPORAL_TLS_CLIENT_CERT_PATH, value: /tls/tls.crt }
- { name: TEMPORAL_TLS_CLIENT_KEY_PATH, value: /tls/tls.key }
{{- end }}
{{- with .Values.temporal.tlsServerName }}
- { name: TEMPORAL_TLS_SERVER_NAME, value: {{ . | quote }} }
{{- end }}
{{- with .Values.temporal.apiKeySecret }}
- name: TEMPORAL_API_KEY
  valueFrom: { secretKeyRef: { name: {{ . }}, key: api-key } }
{{- end }}
{{- with .Values.temporal.encryptionSecret }}
- name: UFM_ENCRYPTION_KEYS
  valueFrom: { secretKeyRef: { name: {{ . }}, key: keys } }
{{- end }}
{{- with .Values.tracing.endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
- { name: OTEL_SERVICE_NAME, value: {{ $.Values.tracing.serviceName | quote }} }
- { name: OTEL_TRACES_SAMPLER, value: {{ $.Values.tracing.sampler | quote }} }
{{- with $.Values.tracing.samplerArgument }}
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ . | quote }} }
{{- end }}
{{- with $.Values.tracing.resourceAttributes }}
- { name: OTEL_RESOURCE_ATTRIBUTES, value: {{ . | quote }} }
{{- end }}
{{- with $.Values.tracing.headersSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom: { secretKeyRef: { name: {{ . }}, key: headers } }
{{- end }}
{{- end }}
- { name: AWS_REGION, value: {{ .Values.store.region | quote }} }
{{- with .Values.store.endpoint }}
- { name: AWS_ENDPOINT_URL_S3, value: {{ . | quote }} }
{{- end }}
{{- with .Values.store.credentialsSecret }}
- name: AWS_ACCESS_KEY_ID
  valueFrom: { secretKeyRef: { name: {{ . }}, key: access-key-id } }
- name: AWS_SECRET_ACCESS_KEY
  valueFrom: { secretKeyRef: { name: {{ . }}, key: secret-access-key } }
# Of credentials that last for hours; permanent ones have none.
- name: AWS_SESSION_TOKEN
  valueFrom: { secretKeyRef: { name: {{ . }}, key: session-token, optional: true } }
{{- end }}
{{- end }}

{{/*
A pod with one worker. Takes root, component, buildId, target, arguments (a list), and settings (a value of the chart).
*/}}
{{- define "ufm-sweep.pod" -}}
{{- $root := .root -}}
{{- $pod := . -}}
metadata:
  labels:
    {{- include "ufm-sweep.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
    {{- with .buildId }}
    ufm-sweep/build-id: {{ . | quote }}
    {{- end }}
  {{- if not $root.Values.metrics.podMonitor }}
  annotations:
    prometheus.io/scrape: 'true'
    prometheus.io/port: {{ $root.Values.metrics.port | quote }}
  {{- end }}
spec:
  serviceAccountName: {{ $root.Release.Name }}
  automountServiceAccountToken: false
  # No variable for each service of the namespace: one that is called `temporal` would set TEMPORAL_PORT and the like.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    seccompProfile: { type: RuntimeDefault }
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with .settings.nodeSelector }}
  nodeSelector: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with .settings.tolerations }}
  tolerations: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.topologySpread }}
  topologySpreadConstraints:
    {{- range . }}
    - {{ toYaml . | nindent 6 | trim }}
      labelSelector:
        matchLabels: {{ include "ufm-sweep.selector" $pod | nindent 10 }}
      matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
  containers:
    - name: worker
      image: {{ include "ufm-sweep.image" . }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args:
        {{- range .arguments }}
        - {{ . | quote }}
        {{- end }}
        - {{ printf "--store=%s" $root.Values.store.url }}
        {{- with .buildId }}
        - {{ printf "--deployment=%s" $root.Values.workerDeployment.name }}
        - {{ printf "--build-id=%s" . }}
        {{- end }}
        - {{ printf "--metrics=0.0.0.0:%v" $root.Values.metrics.port }}
        - {{ printf "--health=0.0.0.0:%v" $root.Values.healthPort }}
      env:
        {{- include "ufm-sweep.environment" $root | nindent 8 }}
      ports:
        - { name: metrics, containerPort: {{ $root.Values.metrics.port }} }
        - { name: health, containerPort: {{ $root.Values.healthPort }} }
      # A device takes its time to start, CUDA's libraries above all.
      startupProbe:
        httpGet: { path: /healthz, port: health }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /healthz, port: health }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /readyz, port: health }
        periodSeconds: 5
      resources: {{ include "ufm-sweep.resources" .settings | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      volumeMounts:
        - { name: scratch, mountPath: /tmp }
        {{- if $root.Values.temporal.tlsSecret }}
        - { name: tls, mountPath: /tls, readOnly: true }
        {{- end }}
        {{- if $root.Values.store.persistentVolumeClaim }}
        - { name: store, mountPath: /store }
        {{- end }}
  volumes:
    - name: scratch
      emptyDir: { sizeLimit: {{ .settings.scratch }} }
    {{- with $root.Values.temporal.tlsSecret }}
    - name: tls
      secret: { secretName: {{ . }}, defaultMode: 0440 }
    {{- end }}
    {{- with $root.Values.store.persistentVolumeClaim }}
    - name: store
      persistentVolumeClaim: { claimName: {{ . }} }
    {{- end }}
{{- end }}
