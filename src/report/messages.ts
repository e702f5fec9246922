// GET /messages. All stages of a message per platform, the old form.
import { openReportByMessage, type ReportByMessage } from './by-message.ts'

export const messages: ReportByMessage = openReportByMessage('/messages')
