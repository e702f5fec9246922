// GET /received. Delivered devices per message, the old form: all of Android in one number.
import { openReportByMessage, type ReportByMessage } from './by-message.ts'

export const received: ReportByMessage = openReportByMessage('/received')
