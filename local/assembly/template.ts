import * as z from 'zod'

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
})
export type Resource = z.infer<typeof resourceSchema>

export const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Parameters: z
    .record(
      z.string(),
      z.object({ Type: z.string(), Default: z.union([z.string(), z.number(), z.boolean()]).optional() }),
    )
    .default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
})
export type Template = z.infer<typeof templateSchema>

export const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      /** `aws://<account>/<region>`; `unknown-account` and `unknown-region` for what the credentials will say. */
      environment: z.string().optional(),
      properties: z.looseObject({ templateFile: z.string().optional(), stackName: z.string().optional() }).optional(),
    }),
  ),
})

/** `<stack>.assets.json`: where each file asset lies and under which object key it would be uploaded. */
export const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
})
