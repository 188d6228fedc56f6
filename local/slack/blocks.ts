import * as z from 'zod'

/*
 * What Slack takes of blocks and views, as far as the app uses them; anything else is refused, as Slack would.
 * https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/surfaces/modals
 */
const plain = (most: number): z.ZodType<{ type: 'plain_text'; text: string; emoji?: boolean | undefined }> =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.boolean().optional() })
const formatted = (most: number): z.ZodType<{ type: 'mrkdwn'; text: string; verbatim?: boolean | undefined }> =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.boolean().optional() })
const text = (most: number) => z.union([plain(most), formatted(most)])
export type SlackText = z.infer<ReturnType<typeof text>>

const id = z.string().min(1).max(255)
const buttonSchema = z.strictObject({
  type: z.literal('button'),
  action_id: id,
  text: plain(75),
  value: z.string().max(2000),
  style: z.enum(['primary', 'danger']).optional(),
})

const optionSchema = z.strictObject({
  text: text(75),
  value: z.string().min(1).max(150),
  description: text(75).optional(),
})

const elementSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plain_text_input'),
    action_id: id,
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
    placeholder: plain(150).optional(),
  }),
  z.strictObject({ type: z.literal('checkboxes'), action_id: id, options: z.array(optionSchema).min(1).max(10) }),
])

const block_id = id.optional()
const sectionSchema = z
  .strictObject({
    type: z.literal('section'),
    block_id,
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
  })
  .refine((section) => section.text !== undefined || section.fields !== undefined, 'text or fields')

const common = [
  z.strictObject({ type: z.literal('header'), block_id, text: plain(150) }),
  sectionSchema,
  z.strictObject({ type: z.literal('context'), block_id, elements: z.array(text(3000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('divider'), block_id }),
  z.strictObject({ type: z.literal('actions'), block_id, elements: z.array(buttonSchema).min(1).max(25) }),
] as const

const inputSchema = z.strictObject({
  type: z.literal('input'),
  block_id: id,
  label: plain(2000),
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  element: elementSchema,
})
export type InputBlock = z.infer<typeof inputSchema>

const messageBlockSchema = z.union(common)
export type MessageBlock = z.infer<typeof messageBlockSchema>
const viewBlockSchema = z.union([...common, inputSchema])

/** Above this Slack answers `msg_blocks_too_long`, as its users measured. */
const longestMessage = 13_000
export const messageBlocksSchema = z
  .array(messageBlockSchema)
  .max(50)
  .refine((blocks) => JSON.stringify(blocks).length <= longestMessage, 'msg_blocks_too_long')

export const viewSchema = z.strictObject({
  type: z.literal('modal'),
  callback_id: id.optional(),
  private_metadata: z.string().max(3000).default(''),
  title: plain(24),
  submit: plain(24).optional(),
  close: plain(24).optional(),
  blocks: z.array(viewBlockSchema).max(100),
})
export type View = z.infer<typeof viewSchema>

export function inputsOf({ blocks }: View): InputBlock[] {
  return blocks.filter((block) => block.type === 'input')
}
