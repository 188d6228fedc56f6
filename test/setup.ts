import '../lambda/kinds/register.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

// The handlers' own lines would drown what failed.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT'
