// Generated from the model. Do not edit: cargo run --release -p crm-tests --bin generate

/** The id of a record: a whole number, as text. */
export type Id = string;
/** A decimal, as text, so that no digit is lost: `"12.50"`. */
export type Decimal = string;
/** A number that no decimal may say, as text: a decimal, or two with a stroke between them, as `"62/6"`. */
export type Exact = string;
/** `YYYY-MM-DD`. */
export type CalendarDate = string;
/** A point in time in UTC: `2026-03-02T04:00:00Z`. */
export type Instant = string;
/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A kind of this library, or the name of one made at run time. */
export type AnyKind = keyof Kinds | (string & {});
/** A record with what every record has. */
export type Stored<Fields> = { id: Id; version: number } & Fields;
/** A line of a record with its number, which is never given twice. */
export type Line<Fields> = { line: number } & Fields;
/** A record of a kind. Fields made at run time can be declared: `declare module "crm-engine" { interface Customer { ... } }`. */
export type RecordOf<K> = K extends keyof Kinds ? Stored<Kinds[K]> : Stored<{ [field: string]: Json }>;
/** Fields of a kind by name, for making and changing a record. */
export type Values<K> = K extends keyof Kinds ? Partial<Kinds[K]> & { [field: string]: unknown } : { [field: string]: unknown };

/** The request of an operation, which may be left out where nothing in it is needed. */
export type Given<Request> = {} extends Request ? [request?: Request] : [request: Request];
/** What a call gives: at once from the engine in memory, later from a worker. */
export type Result<Async extends boolean, Answer> = Async extends true ? Promise<Answer> : Answer;

/** What each operation takes and gives. */
export interface Operations {
  "record.create": { request: RecordCreate; answer: RecordAnswer };
  "record.get": { request: RecordGet; answer: RecordAnswer };
  "record.list": { request: RecordList; answer: RecordListAnswer };
  "record.count": { request: RecordCount; answer: RecordCountAnswer };
  "record.update": { request: RecordUpdate; answer: RecordAnswer };
  "record.delete": { request: RecordDelete; answer: RecordDeleteAnswer };
  "record.restore": { request: RecordRestore; answer: RecordAnswer };
  "record.history": { request: RecordHistory; answer: RecordHistoryAnswer };
  "record.bin": { request: RecordBin; answer: RecordBinAnswer };
  "record.export": { request: RecordExport; answer: RecordExportAnswer };
  "record.describe": { request: RecordDescribe; answer: RecordDescribeAnswer };
  "batch": { request: Batch; answer: BatchAnswer };
  "system.info": { request: SystemInfo; answer: SystemInfoAnswer };
  "enterprise.setup": { request: EnterpriseSetup; answer: EnterpriseSetupAnswer };
  "enterprise.set_policy": { request: EnterpriseSetPolicy; answer: EnterpriseAnswer };
  "setting.set": { request: SettingSet; answer: SettingValue };
  "setting.list": { request: SettingList; answer: SettingListAnswer };
  "numbering.preview": { request: NumberingPreview; answer: NumberingPreviewAnswer };
  "payment_term.preview": { request: PaymentTermPreview; answer: PaymentTermPreviewAnswer };
  "unit.convert": { request: UnitConvert; answer: UnitConvertAnswer };
  "currency.convert": { request: CurrencyConvert; answer: CurrencyConvertAnswer };
  "tax.percent": { request: TaxPercent; answer: TaxPercentAnswer };
  "tax.map_price": { request: TaxMapPrice; answer: TaxMapPriceAnswer };
  "calendar.working_day": { request: CalendarWorkingDay; answer: CalendarWorkingDayAnswer };
  "definition.add_field": { request: DefinitionAddField; answer: DefinitionAnswer };
  "definition.add_kind": { request: DefinitionAddKind; answer: DefinitionAnswer };
  "definition.change_field": { request: DefinitionChangeField; answer: DefinitionAnswer };
  "definition.retire_field": { request: DefinitionRetireField; answer: DefinitionAnswer };
  "employee.set_password": { request: EmployeeSetPassword; answer: EmployeeSetPasswordAnswer };
  "session.login": { request: SessionLogin; answer: SessionLoginAnswer };
  "customer.set_state": { request: CustomerSetState; answer: CustomerAnswer };
  "customer.assign": { request: CustomerAssign; answer: CustomerAssignAnswer };
  "supplier_price.compare": { request: SupplierPriceCompare; answer: SupplierPriceCompareAnswer };
  "product.view": { request: ProductViewRequest; answer: ProductViewAnswer };
  "product.views": { request: ProductViews; answer: ProductViewsAnswer };
  "price.get": { request: PriceGet; answer: PriceGetAnswer };
  "price.amount": { request: PriceAmount; answer: PriceAmountAnswer };
  "price.document": { request: PriceDocument; answer: PriceDocumentAnswer };
  "price.verify": { request: PriceVerify; answer: PriceVerifyAnswer };
  "price.bundle": { request: PriceBundle; answer: PriceBundleAnswer };
  "price.offer": { request: PriceOffer; answer: PriceOfferAnswer };
  "price.why_not": { request: PriceWhyNot; answer: PriceWhyNotAnswer };
  "price.next_break": { request: PriceNextBreak; answer: PriceNextBreakAnswer };
  "price.lint": { request: PriceLint; answer: PriceLintAnswer };
  "price.replay": { request: PriceReplay; answer: PriceReplayAnswer };
  "approval.define": { request: ApprovalDefine; answer: ApprovalDefinitionAnswer };
  "approval.publish": { request: ApprovalPublish; answer: ApprovalDefinitionAnswer };
  "approval.retire": { request: ApprovalRetire; answer: ApprovalDefinitionAnswer };
  "approval.submit": { request: ApprovalSubmit; answer: ApprovalInstanceAnswer };
  "approval.inbox": { request: ApprovalInbox; answer: ApprovalInboxAnswer };
  "approval.decide": { request: ApprovalDecide; answer: ApprovalDecideAnswer };
  "approval.withdraw": { request: ApprovalWithdraw; answer: ApprovalInstanceAnswer };
  "approval.show": { request: ApprovalShow; answer: ApprovalShowAnswer };
  "approval.delegate": { request: ApprovalDelegate; answer: ApprovalDecideAnswer };
  "approval.reassign": { request: ApprovalReassign; answer: ApprovalDecideAnswer };
  "approval.appoint": { request: ApprovalAppoint; answer: ApprovalInstanceAnswer };
  "reminders.run": { request: RemindersRun; answer: RemindersRunAnswer };
  "reminders.due": { request: RemindersDue; answer: RemindersDueAnswer };
  "outbox.list": { request: OutboxList; answer: OutboxListAnswer };
  "outbox.acknowledge": { request: OutboxAcknowledge; answer: OutboxAcknowledgeAnswer };
  "quote.create": { request: QuoteCreate; answer: QuoteAnswer };
  "quote.change": { request: QuoteChange; answer: QuoteAnswer };
  "quote.set_terms": { request: QuoteSetTerms; answer: QuoteAnswer };
  "quote.add_line": { request: QuoteAddLine; answer: QuoteAnswer };
  "quote.change_line": { request: QuoteChangeLine; answer: QuoteAnswer };
  "quote.remove_line": { request: QuoteRemoveLine; answer: QuoteAnswer };
  "quote.reprice": { request: QuoteReprice; answer: QuoteRepriceAnswer };
  "quote.new_version": { request: QuoteNewVersion; answer: QuoteAnswer };
  "quote.void_version": { request: QuoteVoidVersion; answer: QuoteAnswer };
  "quote.submit": { request: QuoteSubmit; answer: QuoteAnswer };
  "quote.withdraw": { request: QuoteWithdraw; answer: QuoteAnswer };
  "quote.approve": { request: QuoteApprove; answer: QuoteAnswer };
  "quote.reject": { request: QuoteReject; answer: QuoteAnswer };
  "quote.send": { request: QuoteSend; answer: QuoteAnswer };
  "quote.negotiate": { request: QuoteNegotiate; answer: QuoteAnswer };
  "quote.accept": { request: QuoteAccept; answer: QuoteAnswer };
  "quote.decline": { request: QuoteDecline; answer: QuoteAnswer };
  "quote.void": { request: QuoteVoid; answer: QuoteAnswer };
  "quote.expire": { request: QuoteExpire; answer: QuoteExpireAnswer };
  "quote.difference": { request: QuoteDifference; answer: QuoteDifferenceAnswer };
  "quote.show": { request: QuoteShow; answer: QuoteShowAnswer };
  "order.create": { request: OrderCreate; answer: OrderAnswer };
  "order.from_quote": { request: OrderFromQuote; answer: OrderAnswer };
  "order.change": { request: OrderChange; answer: OrderAnswer };
  "order.add_line": { request: OrderAddLine; answer: OrderAnswer };
  "order.change_line": { request: OrderChangeLine; answer: OrderAnswer };
  "order.remove_line": { request: OrderRemoveLine; answer: OrderAnswer };
  "order.submit": { request: OrderSubmit; answer: OrderAnswer };
  "order.withdraw": { request: OrderWithdraw; answer: OrderAnswer };
  "order.approve": { request: OrderApprove; answer: OrderAnswer };
  "order.reject": { request: OrderReject; answer: OrderAnswer };
  "order.hold": { request: OrderHold; answer: OrderAnswer };
  "order.release": { request: OrderRelease; answer: OrderAnswer };
  "order.cancel": { request: OrderCancel; answer: OrderAnswer };
  "order.trace": { request: OrderTrace; answer: OrderTraceAnswer };
  "order.import": { request: OrderImport; answer: OrderAnswer };
  "invoice.issue": { request: InvoiceIssue; answer: InvoiceAnswer };
  "invoice.import": { request: InvoiceImport; answer: InvoiceAnswer };
  "invoice.taxes": { request: InvoiceTaxes; answer: InvoiceTaxesAnswer };
  "receipt.record": { request: ReceiptRecord; answer: ReceiptAnswer };
  "receipt.allocate": { request: ReceiptAllocate; answer: ReceiptAnswer };
  "receipt.unallocate": { request: ReceiptUnallocate; answer: ReceiptAnswer };
  "receipt.import": { request: ReceiptImport; answer: ReceiptAnswer };
  "opening.record": { request: OpeningRecord; answer: OpeningAnswer };
  "account.balance": { request: AccountBalance; answer: AccountBalanceAnswer };
  "account.statement": { request: AccountStatement; answer: AccountStatementAnswer };
  "receivables.ageing": { request: ReceivablesAgeing; answer: AgeingAnswer };
  "receivables.due": { request: ReceivablesDue; answer: ReceivablesDueAnswer };
  "interest.compute": { request: InterestCompute; answer: InterestAnswer };
  "customer.ledger": { request: CustomerLedger; answer: CustomerLedgerAnswer };
  "credit.set_limit": { request: CreditSetLimit; answer: CreditLimitAnswer };
  "credit.check": { request: CreditCheck; answer: CreditCheckAnswer };
  "credit.use": { request: CreditUse; answer: CreditUseAnswer };
  "credit.recount": { request: CreditRecount; answer: CreditRecountAnswer };
  "credit.release": { request: ReleaseCredit; answer: ReleaseCreditAnswer };
  "customer.overview": { request: CustomerOverview; answer: CustomerOverviewAnswer };
  "price.max_discount": { request: PriceMaxDiscount; answer: PriceMaxDiscountAnswer };
  "service.use": { request: UseService; answer: UseServiceAnswer };
  "service.take_back": { request: TakeBackServiceUse; answer: UseServiceAnswer };
  "service.list": { request: ServiceList; answer: ServiceListAnswer };
  "plan.make": { request: PlanMake; answer: PlanAnswer };
  "plan.replan": { request: PlanReplan; answer: PlanAnswer };
  "plan.execute": { request: PlanExecute; answer: PlanExecuteAnswer };
  "plan.status": { request: PlanStatus; answer: PlanStatusAnswer };
  "order.tracking": { request: OrderTracking; answer: OrderTrackingAnswer };
  "customer.transactions": { request: CustomerTransactions; answer: CustomerTransactionsAnswer };
  "report.run": { request: ReportRun; answer: ReportAnswer };
  "analysis.trend": { request: AnalysisTrend; answer: AnalysisTrendAnswer };
  "analysis.rfm": { request: AnalysisRfm; answer: AnalysisRfmAnswer };
  "import.preview": { request: ImportPreview; answer: ImportAnswer };
  "import.run": { request: ImportRunRequest; answer: ImportAnswer };
  "import.history": { request: ImportHistory; answer: ImportAnswer };
}

/** `call("order.submit", request)`. */
export interface Call<Async extends boolean> {
  <K extends AnyKind>(operation: "record.create", request: RecordCreate<K>): Result<Async, RecordAnswer<K>>;
  <K extends AnyKind>(operation: "record.get", request: RecordGet<K>): Result<Async, RecordAnswer<K>>;
  <K extends AnyKind>(operation: "record.list", request: RecordList<K>): Result<Async, RecordListAnswer<K>>;
  <K extends AnyKind>(operation: "record.count", request: RecordCount<K>): Result<Async, RecordCountAnswer>;
  <K extends AnyKind>(operation: "record.update", request: RecordUpdate<K>): Result<Async, RecordAnswer<K>>;
  <K extends AnyKind>(operation: "record.delete", request: RecordDelete<K>): Result<Async, RecordDeleteAnswer>;
  <K extends AnyKind>(operation: "record.restore", request: RecordRestore<K>): Result<Async, RecordAnswer<K>>;
  <K extends AnyKind>(operation: "record.history", request: RecordHistory<K>): Result<Async, RecordHistoryAnswer>;
  <K extends AnyKind>(operation: "record.bin", request: RecordBin<K>): Result<Async, RecordBinAnswer>;
  <K extends AnyKind>(operation: "record.export", request: RecordExport<K>): Result<Async, RecordExportAnswer>;
  <K extends AnyKind>(operation: "record.describe", request: RecordDescribe<K>): Result<Async, RecordDescribeAnswer<K>>;
  <K extends AnyKind>(operation: "approval.submit", request: ApprovalSubmit<K>): Result<Async, ApprovalInstanceAnswer>;
  <O extends keyof Operations>(operation: O, ...request: Given<Operations[O]["request"]>): Result<Async, Operations[O]["answer"]>;
}

/** `order.submit(request)`. */
export interface Methods<Async extends boolean> {
  /** Runs several operations in one transaction: all of them or none. Each has a change set of its own. Needs what the operations inside need. */
  batch(request?: Batch): Result<Async, BatchAnswer>;
  account: {
    /** Shows what a customer owes and has to his credit, in each currency. Needs `read` on `receivable`. */
    balance(request: AccountBalance): Result<Async, AccountBalanceAnswer>;
    /** Shows the account of a customer in one currency: what it opened with, every document and payment with the balance after it, what it closed with. Needs `read` on `receivable`. Errors: `statement.bad_range`, `enterprise.not_set_up`. */
    statement(request: AccountStatement): Result<Async, AccountStatementAnswer>;
  };
  analysis: {
    /** A figure by period with month-on-month (环比) and year-on-year (同比). The period that holds the last complete day is compared with the same number of days of the earlier one, never with all of it. Needs `run` on `report`. Errors: `report.invalid`, `report.not_a_date`. */
    trend(request?: AnalysisTrend): Result<Async, AnalysisTrendAnswer>;
    /** Scores customers by recency (days since the last document), frequency (documents) and money (their sum), one to five each, best five, by a named method; segments follow from recency and frequency. Needs `run` on `report`. Errors: `report.invalid`. */
    rfm(request?: AnalysisRfm): Result<Async, AnalysisRfmAnswer>;
  };
  approval: {
    /** Writes a draft of how records of a kind are approved: a new version of the definition with this code, or over the draft that stands. Nothing applies before it is published. Needs `define` on `approval`. Errors: `approval.bad_step`. */
    define(request: ApprovalDefine): Result<Async, ApprovalDefinitionAnswer>;
    /** Puts a draft in force and retires the version before it. What runs on that version goes on to its end. Needs `publish` on `approval`. Errors: `approval.not_draft`, `approval.no_steps`, `approval.bad_step`, `approval.no_empty_policy`, `approval.no_fallback`. */
    publish(request: ApprovalPublish): Result<Async, ApprovalDefinitionAnswer>;
    /** Takes a published definition out of force. What runs on it goes on to its end. Needs `publish` on `approval`. Errors: `approval.not_published`. */
    retire(request: ApprovalRetire): Result<Async, ApprovalDefinitionAnswer>;
    /** Submits a record of a kind that has no operation of its own for that, such as a kind made at run time. Needs `submit` on the kind in `kind`. Errors: `approval.own_submit`, `approval.no_definition`, `approval.already_running`. */
    submit<K extends AnyKind>(request: ApprovalSubmit<K>): Result<Async, ApprovalInstanceAnswer>;
    /** The tasks that wait for the actor, the oldest first, with what each is about. Needs `decide` on `approval`. */
    inbox(request?: ApprovalInbox): Result<Async, ApprovalInboxAnswer>;
    /** Answers a task of the actor: approve, reject, or return for changes with a comment. Errors: `approval.not_approver`, `approval.self_approval`, `approval.task_closed`, `approval.subject_changed` where a field that decided the route is another one than when the record was submitted, `record.conflict`; those of the areas that act on the end of the approval. Needs `decide` on `approval`. Errors: `approval.not_approver`, `approval.self_approval`, `approval.task_closed`, `approval.subject_changed`, `approval.no_earlier_step`. */
    decide(request: ApprovalDecide): Result<Async, ApprovalDecideAnswer>;
    /** Withdraws a submission: by the submitter, or on whose behalf it was, until somebody has decided, later by who may administer approvals. Needs `withdraw` on `approval`. Errors: `approval.ended`, `approval.not_submitter`, `approval.already_decided`. */
    withdraw(request?: ApprovalWithdraw): Result<Async, ApprovalInstanceAnswer>;
    /** An approval with its definition, steps, tasks (who is asked and why), the record as it was submitted and what has changed since. For the submitter, those who are or were asked, those who may read the record, and administrators. Needs `read` on `approval`. */
    show(request?: ApprovalShow): Result<Async, ApprovalShowAnswer>;
    /** Hands a task of the actor to somebody else, who answers in his place. Not handed on a second time. Needs `decide` on `approval`. Errors: `approval.not_approver`, `approval.self_approval`, `approval.task_closed`, `approval.bad_approver`, `approval.not_transitive`. */
    delegate(request: ApprovalDelegate): Result<Async, ApprovalDecideAnswer>;
    /** An administrator hands an open task to somebody else. Needs `administer` on `approval`. Errors: `approval.task_closed`, `approval.bad_approver`. */
    reassign(request: ApprovalReassign): Result<Async, ApprovalDecideAnswer>;
    /** An administrator names who decides a step for which nobody was found. Needs `administer` on `approval`. Errors: `approval.not_held`, `approval.bad_approver`. */
    appoint(request: ApprovalAppoint): Result<Async, ApprovalInstanceAnswer>;
  };
  calendar: {
    /** Moves a date to a working day. Needs `read` on `calendar`. Errors: `calendar.no_working_day`. */
    working_day(request: CalendarWorkingDay): Result<Async, CalendarWorkingDayAnswer>;
  };
  credit: {
    /** Sets the credit limit of a customer or a salesperson, or takes it away. What is used of it is counted at once. Needs `update` on `credit_limit`. Errors: `credit.one_holder`, `credit.negative_limit`, `credit.bad_dates`. */
    set_limit(request?: CreditSetLimit): Result<Async, CreditLimitAnswer>;
    /** Says whether an amount or an order would pass the credit limits, and by which one it is bound. Nothing is taken. Needs `read` on `credit_limit`. Errors: `credit.one_holder`. */
    check(request?: CreditCheck): Result<Async, CreditCheckAnswer>;
    /** Lists credit limits with what of them is used, the most used first. Needs `read` on `credit_limit`. */
    use(request?: CreditUse): Result<Async, CreditUseAnswer>;
    /** Counts anew what a holder uses, from orders, debts and receipts, and says what had been kept. Needs `update` on `credit_limit`. Errors: `credit.one_holder`, `credit.no_limit`. */
    recount(request?: CreditRecount): Result<Async, CreditRecountAnswer>;
    /** Lets an order that is not yet in effect pass beyond credit limits, up to an amount and until a day. It is approved afterwards as ever; an order that has grown past the amount by then is refused again. Needs `release` on `credit`. Errors: `credit.bad_dates`, `credit.order_not_waiting`, `value.not_positive`. */
    release(request: ReleaseCredit): Result<Async, ReleaseCreditAnswer>;
  };
  currency: {
    /** Converts an amount into another currency at the rate of a date. Needs `read` on `exchange_rate`. Errors: `currency.no_rate`, `enterprise.not_set_up`. */
    convert(request: CurrencyConvert): Result<Async, CurrencyConvertAnswer>;
  };
  customer: {
    /** Sets by hand where a customer stands in its life. Needs `set_state` on `customer`. Errors: `customer.has_traded`. */
    set_state(request: CustomerSetState): Result<Async, CustomerAnswer>;
    /** Gives customers to another owner. The history of each tells who had it before, and why it changed. Needs `assign` on `customer`. Errors: `customer.owner_left`. */
    assign(request: CustomerAssign): Result<Async, CustomerAssignAnswer>;
    /** Shows everything about a customer that the actor may read: its master data, its balance, and the latest records of every kind that refers to it, kinds made at run time included. Needs `read` on `customer`. */
    ledger(request: CustomerLedger): Result<Async, CustomerLedgerAnswer>;
    /** Shows a customer at a glance: orders, money received and owed, in all and this year, the largest order, credit. Amounts are in the enterprise's currency. What the actor may not read is left empty. Needs `read` on `customer`. Errors: `enterprise.not_set_up`. */
    overview(request: CustomerOverview): Result<Async, CustomerOverviewAnswer>;
    /** Lists the dealings with a customer along the chain quote, order, delivery, invoice, receipt: line by line, the latest first. Kinds that the actor may not read are left out. Needs `read` on `customer`. */
    transactions(request: CustomerTransactions): Result<Async, CustomerTransactionsAnswer>;
  };
  definition: {
    /** Adds a field to a kind, declared or made at run time. Needs `create` on `custom_field`. Errors: `definition.invalid`, `definition.required_without_default`. */
    add_field(request: DefinitionAddField): Result<Async, DefinitionAnswer>;
    /** Makes a kind of record. Needs `create` on `custom_kind`. Errors: `definition.invalid`, `definition.required_without_default`. */
    add_kind(request: DefinitionAddKind): Result<Async, DefinitionAnswer>;
    /** Changes what may change of a field made at run time: its labels, whether it is required, its default. Needs `update` on `custom_field`. Errors: `definition.invalid`, `definition.required_without_default`, `definition.retired`. */
    change_field(request: DefinitionChangeField): Result<Async, DefinitionAnswer>;
    /** Retires a field made at run time: what it holds stays readable, and it cannot be set any more. Needs `delete` on `custom_field`. Errors: `definition.retired`. */
    retire_field(request: DefinitionRetireField): Result<Async, DefinitionAnswer>;
  };
  employee: {
    /** Sets the password of an employee: one's own by giving the old one, else by the right to reset. Needs `update` on `credential`. Errors: `password.too_short`, `password.not_confirmed`, `password.wrong`, `password.unchanged`. */
    set_password(request: EmployeeSetPassword): Result<Async, EmployeeSetPasswordAnswer>;
  };
  enterprise: {
    /** Sets up a new database: the enterprise, its first department, an administrator position with every right and its first holder. Open to everybody, once. Needs nothing: open to everybody. Errors: `enterprise.already_set_up`, `enterprise.unknown_zone`. */
    setup(request: EnterpriseSetup): Result<Async, EnterpriseSetupAnswer>;
    /** Changes the policies of the enterprise: how amounts of new documents are rounded, and, as long as no record holds an amount, the currency of its books. Needs `set_policy` on `enterprise`. Errors: `enterprise.not_set_up`, `enterprise.currency_in_use`. */
    set_policy(request?: EnterpriseSetPolicy): Result<Async, EnterpriseAnswer>;
  };
  import: {
    /** Does everything that `import.run` would do, or `import.history` with its right, and keeps nothing. Needs `run` on `import`. Errors: `import.encoding`, `import.separator`, `import.quoting`, `import.width`, `import.missing_file`, `import.missing_column`, `import.mapping`, `import.duplicate_key`, `import.unknown_reference`, `import.no_document`, `import.unmapped_value`, `import.rejected`, `import.refused`, `import.history_only`. */
    preview(request: ImportPreview): Result<Async, ImportAnswer>;
    /** Imports rows. A large file is given in chunks, each with its header, under one import. Needs `run` on `import`. Errors: `import.encoding`, `import.separator`, `import.quoting`, `import.width`, `import.missing_file`, `import.missing_column`, `import.mapping`, `import.duplicate_key`, `import.unknown_reference`, `import.no_document`, `import.unmapped_value`, `import.rejected`, `import.refused`, `import.history_only`. */
    run(request: ImportRunRequest): Result<Async, ImportAnswer>;
    /** Imports historic documents, by operations that bring history: their own right, their own shorter list of rules. Each document counts as approved and says so in its history. Needs `history` on `import`. Errors: `import.encoding`, `import.separator`, `import.quoting`, `import.width`, `import.missing_file`, `import.missing_column`, `import.mapping`, `import.duplicate_key`, `import.unknown_reference`, `import.no_document`, `import.unmapped_value`, `import.rejected`, `import.refused`, `import.history_only`. */
    history(request: ImportHistory): Result<Async, ImportAnswer>;
  };
  interest: {
    /** Counts the interest and fee on a late debt: of a receivable, with what was paid on it, or of given figures. Nothing is booked. Needs `read` on `receivable`. Errors: `interest.bad_period`, `value.not_positive`, `enterprise.not_set_up`. */
    compute(request: InterestCompute): Result<Async, InterestAnswer>;
  };
  invoice: {
    /** Bills an approved order, in whole or in part. Amounts are those of the order: whatever the parts, they add up. Needs `issue` on `invoice`. Errors: `order.not_approved`, `order.held`, `order.no_line`, `order.over_executed`, `invoice.nothing`, `invoice.term_or_date`, `invoice.before_order`, `invoice.due_before_date`, `invoice.line_twice`, `value.not_positive`, `currency.no_rate`. */
    issue(request: InvoiceIssue): Result<Async, InvoiceAnswer>;
    /** Brings an invoice of another system: it bills an imported order that is in effect, held or not, all of it that is not billed yet. Orders entered here are billed by `invoice.issue`. Needs `import` on `invoice`. Errors: `invoice.not_imported`, `order.not_approved`, `invoice.order_cancelled`, `invoice.nothing`, `invoice.term_or_date`, `invoice.before_order`, `invoice.due_before_date`, `value.not_positive`, `currency.same`, `currency.no_rate`. */
    import(request: InvoiceImport): Result<Async, InvoiceAnswer>;
    /** Tells the taxes of an invoice: each with what it is on, as they were billed; or all its totals as an electronic invoice by EN 16931 has them. The customer owes the same either way. Needs `read` on `invoice`. Errors: `document.several_taxes`. */
    taxes(request: InvoiceTaxes): Result<Async, InvoiceTaxesAnswer>;
  };
  numbering: {
    /** Shows the number that the next record of a kind would get; takes nothing. Needs `read` on `numbering_rule`. Errors: `numbering.not_numbered`, `numbering.no_value`, `numbering.bad_pattern`. */
    preview(request: NumberingPreview): Result<Async, NumberingPreviewAnswer>;
  };
  opening: {
    /** Records what a customer owes and has prepaid when the system begins. Each debt keeps its own due date, so ageing and dunning go on where they were. Needs `open` on `receivable`. Errors: `opening.after_cutover`, `value.not_positive`, `currency.no_rate`, `enterprise.not_set_up`. */
    record(request: OpeningRecord): Result<Async, OpeningAnswer>;
  };
  order: {
    /** Makes an order, a draft, and prices its lines. Needs `create` on `order`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `order.foreign_contact`, `customer.inactive`, `document.owner_left`, `line.quantity`, `document.two_discounts`, `document.negative_charge`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    create(request: OrderCreate): Result<Async, OrderAnswer>;
    /** Makes an order of an accepted quote: all that is not yet ordered of it, or the quantities named. Prices, discounts and their derivation come along as they were frozen, and so do per cents that rules took off lines together; freight, other charges, amounts off the whole and free goods in proportion. Needs `create` on `order`. Errors: `quote.not_accepted`, `customer.inactive`, `quote.no_line`, `line.free`, `line.quantity`, `quote.over_quantity`, `product.retired`, `currency.no_rate`, `tax.no_rate`. */
    from_quote(request: OrderFromQuote): Result<Async, OrderAnswer>;
    /** Changes the head of a draft: contact, owner, department, date, delivery, discount on the whole, charges, terms, notes and fields made at run time. Prices stay; taxes follow the date. Needs `update` on `order`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `order.not_draft`, `order.foreign_contact`, `document.owner_left`, `document.two_discounts`, `document.negative_charge`, `tax.no_rate`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    change(request: OrderChange): Result<Async, OrderAnswer>;
    /** Adds a line to a draft and prices it. Needs `update` on `order`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `order.not_draft`, `order.no_line`, `line.free`, `order.quoted_line`, `line.quantity`, `quote.over_quantity`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    add_line(request: OrderAddLine): Result<Async, OrderAnswer>;
    /** Changes a line of a draft: quantity, unit, price, discount, tax, description, and fields made at run time. A new quantity or unit prices the line anew, unless its price was set by hand; so does a discount that comes or goes where the strategy has a level for it. Of a line that follows from a quote only quantity and description change; the quantity is taken from the quote or given back at once. Needs `update` on `order`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `order.not_draft`, `order.no_line`, `line.free`, `order.quoted_line`, `line.quantity`, `quote.over_quantity`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    change_line(request: OrderChangeLine): Result<Async, OrderAnswer>;
    /** Takes a line out of a draft; what it took of a quote is given back. Its number is not used again. Needs `update` on `order`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `order.not_draft`, `order.no_line`, `line.free`, `price.beyond_authority`, `price.below_floor`, `document.discount_too_large`. */
    remove_line(request: OrderRemoveLine): Result<Async, OrderAnswer>;
    /** Puts an order forward for approval: a draft that stands, or a new one with all its fields, made and submitted at once. The published definition that applies decides; where none does, somebody with the right to approves it. Where the enterprise asks for no approval, submitting approves, and that is recorded. Needs `submit` on `order`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `order.not_draft`, `order.no_lines`, `order.new_or_existing`, `order.foreign_contact`, `customer.inactive`, `document.owner_left`, `line.quantity`, `document.two_discounts`, `document.negative_charge`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    submit(request?: OrderSubmit): Result<Async, OrderAnswer>;
    /** Takes an order back from approval, where no definition runs on it; a running approval is withdrawn by `approval.withdraw`. Needs `submit` on `order`. Errors: `order.in_approval`, `order.wrong_state`. */
    withdraw(request: OrderWithdraw): Result<Async, OrderAnswer>;
    /** Approves a submitted order, where no definition applies. Not by who submitted it or on whose behalf, unless the enterprise allows that. Needs `approve` on `order`. Errors: `order.in_approval`, `order.wrong_state`, `order.self_approval`. */
    approve(request: OrderApprove): Result<Async, OrderAnswer>;
    /** Gives a submitted order back, where no definition applies: it is a draft again. Needs `approve` on `order`. Errors: `order.in_approval`, `order.wrong_state`. */
    reject(request: OrderReject): Result<Async, OrderAnswer>;
    /** Holds an approved order: nothing more is planned, delivered or invoiced until it is released. Needs `hold` on `order`. Errors: `order.wrong_state`. */
    hold(request: OrderHold): Result<Async, OrderAnswer>;
    /** Releases an order that was held: it goes on. Needs `hold` on `order`. Errors: `order.wrong_state`. */
    release(request: OrderRelease): Result<Async, OrderAnswer>;
    /** Cancels an order of which nothing was delivered or invoiced. What it took of a quote can be ordered again. Needs `cancel` on `order`. Errors: `order.wrong_state`, `order.executed`, `order.in_approval`. */
    cancel(request: OrderCancel): Result<Async, OrderAnswer>;
    /** Traces an order back to the quote it follows from, or a quote to the orders that follow from it: line by line, with what was quoted, ordered, delivered, invoiced and returned. Needs `read` on `order`. Errors: `order.one_end`. */
    trace(request?: OrderTrace): Result<Async, OrderTraceAnswer>;
    /** Brings an order of another system as it was there. Retired products, cancelled orders that were delivered and credit notes are legal here; bringing it counts as its approval. Needs `import` on `order`. Errors: `line.quantity`, `order.negative_quantity`, `order.positive_quantity`, `order.negative_price`, `document.negative_charge`, `document.two_discounts`, `order.not_approved`, `order.over_executed`, `order.shipped_before_date`, `order.unlike_sum`, `order.corrects`, `order.over_credited`, `currency.no_rate`, `value.not_positive`, `currency.same`, `tax.no_rate`, `document.discount_percent`, `document.tax_percent`. */
    import(request: OrderImport): Result<Async, OrderAnswer>;
    /** Shows what was ordered, delivered, invoiced and received, and what is open: of an order line by line, or of a customer's orders. Needs `read` on `order`. Errors: `tracking.order_or_customer`. */
    tracking(request?: OrderTracking): Result<Async, OrderTrackingAnswer>;
  };
  outbox: {
    /** Messages of the outbox, the oldest first: what waits for delivery, unless another state is asked for. Needs `deliver` on `outbox_message`. */
    list(request?: OutboxList): Result<Async, OutboxListAnswer>;
    /** Reports what became of a message: delivered, or failed with a note. The same report twice changes nothing. Needs `deliver` on `outbox_message`. Errors: `outbox.already_delivered`. */
    acknowledge(request: OutboxAcknowledge): Result<Async, OutboxAcknowledgeAnswer>;
  };
  payment_term: {
    /** Shows into which instalments an amount falls under a payment term, and when each is due. Needs `read` on `payment_term`. Errors: `payment_term.amounts_exceed`, `payment_term.other_currency`, `calendar.no_working_day`, `enterprise.not_set_up`. */
    preview(request: PaymentTermPreview): Result<Async, PaymentTermPreviewAnswer>;
  };
  plan: {
    /** Makes the execution plan of an approved order: a receipt for every instalment of its payment term, and the steps of a pattern. Needs `make` on `plan`. Errors: `order.not_approved`, `order.held`, `plan.exists`, `plan.nothing`, `plan.bad_shares`, `plan.no_required_date`, `plan.no_receipt_action`. */
    make(request: PlanMake): Result<Async, PlanAnswer>;
    /** Makes a plan anew. Steps that are done or have begun stay as they are; the old plan is kept. Open receipts share what is left by what they were, or come from another payment term. Needs `make` on `plan`. Errors: `order.not_approved`, `order.held`, `plan.none`, `plan.no_step`, `plan.step_closed`, `plan.step_frozen`, `plan.unlike_total`, `plan.bad_shares`, `plan.no_required_date`, `plan.no_receipt_action`. */
    replan(request: PlanReplan): Result<Async, PlanAnswer>;
    /** Executes a step of an order's plan, or an action, in whole or in part: what the action does to goods, invoice and money is done with it. Never more than is planned, never more than was ordered. Needs `execute` on `plan`. Errors: `order.not_approved`, `order.held`, `plan.none`, `plan.no_step`, `plan.step_closed`, `plan.step_or_action`, `plan.nothing_open`, `plan.over_planned`, `order.over_executed`, `order.free_beyond`, `plan.not_executor`, `plan.no_effect`, `plan.action_retired`, `order.no_line`, `value.not_positive`, `invoice.before_order`, `invoice.due_before_date`, `invoice.line_twice`, `invoice.nothing`, `receipt.refund_exceeds`, `currency.no_rate`. */
    execute(request: PlanExecute): Result<Async, PlanExecuteAnswer>;
    /** Shows what is planned for an order against what is done, with what is overdue. Needs `read` on `plan`. Errors: `plan.none`. */
    status(request: PlanStatus): Result<Async, PlanStatusAnswer>;
  };
  price: {
    /** What a product costs a customer, and why: the rule that makes the price, every rule that was looked at with the reason why it was taken or not, every effect and every rounding. Nothing is written. Needs `read` on `product`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`. */
    get(request: PriceGet): Result<Async, PriceGetAnswer>;
    /** What a product costs a customer, as `price.get` gives it, without the story of how it came about: for lists of many products. Nothing is written. Needs `read` on `product`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`. */
    amount(request: PriceAmount): Result<Async, PriceAmountAnswer>;
    /** What lines cost together, and why: the price of each, effects of rules on all of them with the share of every line, free goods, taxes and totals, without a document being made. Needs `read` on `product`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `tax.no_rate`, `document.discount_percent`, `document.two_discounts`, `document.negative_charge`, `document.discount_too_large`, `document.several_taxes`. */
    document(request?: PriceDocument): Result<Async, PriceDocumentAnswer>;
    /** Checks a derivation: whether the records of the time when it was made give it again for what was asked, member by member. Product, customer, seller and list have to be such that the actor may see. What has a `source` is refused there: an imported price, and a line that is free with another, hold nothing that could be asked for again. Needs `read` on `product`. Errors: `price.certificate`. */
    verify(request: PriceVerify): Result<Async, PriceVerifyAnswer>;
    /** What a bundle costs, and what each of its parts is worth of that: in proportion to what the parts cost alone, and adding up to the whole. Needs `read` on `product`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `price.no_bundle`. */
    bundle(request: PriceBundle): Result<Async, PriceBundleAnswer>;
    /** Makes the same price rule for several products: all of them or none. Codes are the offer's and the product's, `SUMMER-FM-50`. Needs `create` on `price_rule`. Errors: `price.offer`. */
    offer(request: PriceOffer): Result<Async, PriceOfferAnswer>;
    /** Why a rule does not make the price of a product, or that it does; and what one would cost by it alone. Needs `read` on `price_rule`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`. */
    why_not(request: PriceWhyNot): Result<Async, PriceWhyNotAnswer>;
    /** From which quantities on, from which days on and in which bundles one costs less than now: each with its price. Needs `read` on `product`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`. */
    next_break(request: PriceNextBreak): Result<Async, PriceNextBreakAnswer>;
    /** Looks the active price rules through: rules that the strategy cannot tell apart, effects whose order nothing says, rules that never make a price, rules that together fall below a floor or below zero, bounds behind which more costs less, products without any price. Each fault comes with a question that shows it. Needs `update` on `price_rule`. Errors: `price.unknown_strategy`, `enterprise.not_set_up`. */
    lint(request?: PriceLint): Result<Async, PriceLintAnswer>;
    /** Prices a history under other rules or another strategy: what revenue and margin would have been, by rule and by customer, and which lines change and why. Nothing is written. The history is any kind of line; expressions say what its product, quantity, customer and date are. Lines of one document are priced together, with what rules take off the document; rolling periods count the lines of the history before it. Lines of free goods are passed over: the rules give them. Needs `update` on `price_rule`. Errors: `price.replay`, `enterprise.not_set_up`, `price.unknown_strategy`. */
    replay(request: PriceReplay): Result<Async, PriceReplayAnswer>;
    /** How much may be taken off the price of a product: at most within the authority of who sells, the least margin and the floor price, and at least so much that what is left fits the credit of customer and salesperson. It is judged as an order of the product alone would be, with what rules take off the document. Nothing is taken. Needs `read` on `product`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `tax.no_rate`, `document.discount_percent`. */
    max_discount(request: PriceMaxDiscount): Result<Async, PriceMaxDiscountAnswer>;
  };
  product: {
    /** Takes note that somebody looked at a product. Needs `read` on `product`. */
    view(request: ProductViewRequest): Result<Async, ProductViewAnswer>;
    /** How often products were looked at, and which part of all views that is. Needs `read` on `product_view`. */
    views(request?: ProductViews): Result<Async, ProductViewsAnswer>;
  };
  quote: {
    /** Makes a quote with its first version, a draft, and prices its lines. Needs `create` on `quote`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `quote.foreign_contact`, `customer.inactive`, `document.owner_left`, `quote.over_before_date`, `line.quantity`, `document.two_discounts`, `document.negative_charge`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    create(request: QuoteCreate): Result<Async, QuoteAnswer>;
    /** Changes the quote itself: contact, owner, department, date, subject, notes and fields made at run time. A new date does not price the lines anew; `quote.reprice` does. Needs `update` on `quote`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `quote.closed`, `quote.foreign_contact`, `quote.over_before_date`, `document.owner_left`, `quote.frozen`, `quote.in_approval`, `tax.no_rate`, `price.beyond_authority`, `price.below_floor`. */
    change(request: QuoteChange): Result<Async, QuoteAnswer>;
    /** Changes the terms of the draft: validity, discount on the whole, freight, other charges, payment term, terms in words, price list, and fields made at run time. Prices stay; `quote.reprice` finds them anew. Needs `update` on `quote`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `quote.closed`, `quote.no_version`, `quote.frozen`, `quote.in_approval`, `quote.over_before_date`, `document.two_discounts`, `document.negative_charge`, `tax.no_rate`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    set_terms(request: QuoteSetTerms): Result<Async, QuoteAnswer>;
    /** Adds a line to the draft and prices it. Needs `update` on `quote`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `quote.closed`, `quote.no_version`, `quote.frozen`, `quote.in_approval`, `quote.no_line`, `line.free`, `line.quantity`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    add_line(request: QuoteAddLine): Result<Async, QuoteAnswer>;
    /** Changes a line of the draft: quantity, unit, price, discount, tax, description, and fields made at run time. A new quantity or unit prices the line anew, unless its price was set by hand; so does a discount that comes or goes where the strategy has a level for it. Needs `update` on `quote`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `quote.closed`, `quote.no_version`, `quote.frozen`, `quote.in_approval`, `quote.no_line`, `line.free`, `line.quantity`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    change_line(request: QuoteChangeLine): Result<Async, QuoteAnswer>;
    /** Takes a line out of the draft. Its number is not used again. Needs `update` on `quote`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `quote.closed`, `quote.no_version`, `quote.frozen`, `quote.in_approval`, `quote.no_line`, `line.free`, `price.beyond_authority`, `price.below_floor`, `document.discount_too_large`. */
    remove_line(request: QuoteRemoveLine): Result<Async, QuoteAnswer>;
    /** Prices the lines of the draft anew by the rules as they are, with the quote's date, and tells what that changes. Prices set by hand stay, unless it is said that they go too. A preview is told whoever may keep what comes of it. Needs `update` on `quote`. Errors: `price.ambiguous`, `price.none`, `price.negative`, `price.quantity`, `price.unit`, `price.unknown_strategy`, `price.list_not_open`, `currency.no_rate`, `enterprise.not_set_up`, `product.retired`, `quote.closed`, `quote.no_version`, `quote.frozen`, `quote.in_approval`, `quote.no_line`, `line.free`, `line.quantity`, `tax.no_rate`, `price.manual`, `price.beyond_authority`, `price.below_floor`, `document.discount_percent`, `document.discount_too_large`. */
    reprice(request: QuoteReprice): Result<Async, QuoteRepriceAnswer>;
    /** Makes a new draft from a version, with its lines, prices and derivations. A version that was still unapproved is superseded. Beside an approved and valid version the draft has to be named an alternative. Needs `update` on `quote`. Errors: `quote.closed`, `quote.no_version`, `quote.in_approval`, `quote.approved_version_exists`. */
    new_version(request: QuoteNewVersion): Result<Async, QuoteAnswer>;
    /** Voids a version by hand: a draft, or an approved one that is no longer offered. Needs `update` on `quote`. Errors: `quote.closed`, `quote.no_version`, `quote.in_approval`, `quote.wrong_state`. */
    void_version(request: QuoteVoidVersion): Result<Async, QuoteAnswer>;
    /** Puts the draft forward for approval: by the published definition that applies; where none does, somebody with the right to approves it. Where the enterprise asks for no approval, submitting approves, and that is recorded. Needs `submit` on `quote`. Errors: `quote.closed`, `quote.no_version`, `quote.frozen`, `quote.in_approval`, `quote.no_lines`, `quote.expired`. */
    submit(request: QuoteSubmit): Result<Async, QuoteAnswer>;
    /** Takes the version back from approval, where no definition runs on it; a running approval is withdrawn by `approval.withdraw`. Needs `submit` on `quote`. Errors: `quote.closed`, `quote.in_approval`, `quote.wrong_state`. */
    withdraw(request: QuoteWithdraw): Result<Async, QuoteAnswer>;
    /** Approves the version that was put forward, where no definition applies. Not by who submitted it or on whose behalf, unless the enterprise allows that. Needs `approve` on `quote`. Errors: `quote.closed`, `quote.in_approval`, `quote.wrong_state`, `quote.self_approval`. */
    approve(request: QuoteApprove): Result<Async, QuoteAnswer>;
    /** Gives the version that was put forward back, where no definition applies: it is a draft again. Needs `approve` on `quote`. Errors: `quote.closed`, `quote.in_approval`, `quote.wrong_state`. */
    reject(request: QuoteReject): Result<Async, QuoteAnswer>;
    /** Marks an approved version as sent to the customer. Needs `send` on `quote`. Errors: `quote.closed`, `quote.not_approved`, `quote.no_version`, `quote.version_needed`, `quote.expired`. */
    send(request: QuoteSend): Result<Async, QuoteAnswer>;
    /** Marks a quote as being negotiated. Needs `send` on `quote`. Errors: `quote.closed`, `quote.not_approved`, `quote.wrong_state`. */
    negotiate(request: QuoteNegotiate): Result<Async, QuoteAnswer>;
    /** The customer takes an offer. One that has expired is taken only where that is said and the actor may (`accept_expired`); its prices stay as they were quoted. Needs `accept` on `quote`. Errors: `quote.closed`, `quote.not_approved`, `quote.no_version`, `quote.version_needed`, `quote.expired`, `quote.in_approval`. */
    accept(request: QuoteAccept): Result<Async, QuoteAnswer>;
    /** The customer does not take the offer. Needs `accept` on `quote`. Errors: `quote.closed`, `quote.not_approved`, `quote.in_approval`. */
    decline(request: QuoteDecline): Result<Async, QuoteAnswer>;
    /** Takes a quote back: nothing of it is offered any more. Needs `void` on `quote`. Errors: `quote.closed`, `quote.in_approval`. */
    void(request: QuoteVoid): Result<Async, QuoteAnswer>;
    /** Marks quotes as expired whose offers are all past their validity; their drafts are voided with them. The quote named, or all, at most 1,000 a call. Needs `expire` on `quote`. */
    expire(request?: QuoteExpire): Result<Async, QuoteExpireAnswer>;
    /** Tells what differs between two versions of a quote: terms, totals and lines. Needs `read` on `quote`. Errors: `quote.another_quote`. */
    difference(request: QuoteDifference): Result<Async, QuoteDifferenceAnswer>;
    /** Shows a quote with all its versions and says which of them are offered today. Needs `read` on `quote`. */
    show(request: QuoteShow): Result<Async, QuoteShowAnswer>;
  };
  receipt: {
    /** Records money from a customer, or back to him, and settles debts with it: those named, then those of the order, then the oldest due. What is left stays an advance. Needs `record` on `receipt`. Errors: `value.not_positive`, `order.not_approved`, `receipt.currency`, `receipt.other_customer`, `receipt.over_allocated`, `receipt.refund_allocated`, `receipt.refund_exceeds`, `currency.no_rate`, `enterprise.not_set_up`. */
    record(request: ReceiptRecord): Result<Async, ReceiptAnswer>;
    /** Settles debts with what is left of a receipt. Needs `allocate` on `receipt`. Errors: `value.not_positive`, `order.not_approved`, `receipt.currency`, `receipt.other_customer`, `receipt.over_allocated`, `receipt.refund_allocated`, `receipt.refund_exceeds`, `currency.no_rate`, `enterprise.not_set_up`. */
    allocate(request: ReceiptAllocate): Result<Async, ReceiptAnswer>;
    /** Takes a payment off a debt again: the debt is open once more, the money an advance. Both entries stay. Needs `allocate` on `receipt`. Errors: `receipt.not_allocated`. */
    unallocate(request: ReceiptUnallocate): Result<Async, ReceiptAnswer>;
    /** Brings a receipt of another system; it settles the oldest debts. The order that it names, if any, is in effect, or an imported one that was cancelled since. Needs `import` on `receipt`. Errors: `value.not_positive`, `order.not_approved`, `receipt.currency`, `receipt.other_customer`, `receipt.over_allocated`, `receipt.refund_allocated`, `receipt.refund_exceeds`, `currency.no_rate`, `enterprise.not_set_up`. */
    import(request: ReceiptImport): Result<Async, ReceiptAnswer>;
  };
  receivables: {
    /** Shows open debts by how long they have been due, on any day and as it was known at any time. What customers have to their credit stands apart. Needs `read` on `receivable`. Errors: `ageing.bad_limits`, `enterprise.not_set_up`. */
    ageing(request?: ReceivablesAgeing): Result<Async, AgeingAnswer>;
    /** Lists open debts that are due, the longest overdue first, with their days late. Needs `read` on `receivable`. */
    due(request?: ReceivablesDue): Result<Async, ReceivablesDueAnswer>;
  };
  record: {
    /** Makes a record of a kind. Needs `create` on the kind in `kind`. */
    create<K extends AnyKind>(request: RecordCreate<K>): Result<Async, RecordAnswer<K>>;
    /** Reads a record, as it is or as it was. Needs `read` on the kind in `kind`. */
    get<K extends AnyKind>(request: RecordGet<K>): Result<Async, RecordAnswer<K>>;
    /** Records of a kind in order, a page at a time; lines of a kind with a parent likewise. Needs `read` on the kind in `kind`. */
    list<K extends AnyKind>(request: RecordList<K>): Result<Async, RecordListAnswer<K>>;
    /** How many records of a kind fulfil a condition, within what the actor may read. Needs `read` on the kind in `kind`. */
    count<K extends AnyKind>(request: RecordCount<K>): Result<Async, RecordCountAnswer>;
    /** Changes fields of a record. Fields not named stay; lines, where given, are given whole. Needs `update` on the kind in `kind`. */
    update<K extends AnyKind>(request: RecordUpdate<K>): Result<Async, RecordAnswer<K>>;
    /** Puts a record into the recycle bin. Needs `delete` on the kind in `kind`. */
    delete<K extends AnyKind>(request: RecordDelete<K>): Result<Async, RecordDeleteAnswer>;
    /** Brings a record back from the recycle bin, with its id and numbers. Needs `delete` on the kind in `kind`. */
    restore<K extends AnyKind>(request: RecordRestore<K>): Result<Async, RecordAnswer<K>>;
    /** Every change of a record, the latest first: who, when, by which operation, which fields with old and new values. Needs `read` on the kind in `kind`. */
    history<K extends AnyKind>(request: RecordHistory<K>): Result<Async, RecordHistoryAnswer>;
    /** Deleted records of a kind, the latest first, as they were when they were deleted. Needs `delete` on the kind in `kind`. */
    bin<K extends AnyKind>(request: RecordBin<K>): Result<Async, RecordBinAnswer>;
    /** Records of a kind as CSV (RFC 4180, UTF-8, header first): every field that is no list of lines. Needs `export` on the kind in `kind`. */
    export<K extends AnyKind>(request: RecordExport<K>): Result<Async, RecordExportAnswer>;
    /** Describes a kind: its fields with types and labels, in the caller's language. Who may read a record may have its lines described. Needs `read` on the kind in `kind`, or on the one whose lines it is. */
    describe<K extends AnyKind>(request: RecordDescribe<K>): Result<Async, RecordDescribeAnswer<K>>;
  };
  reminders: {
    /** Fires every reminder that is due at the time of the call and has not fired: writes the messages into the outbox. What was due while nobody called is caught up on and marked late. Where `more` is true it is called again at once. Needs `run` on `reminder_rule`. */
    run(request?: RemindersRun): Result<Async, RemindersRunAnswer>;
    /** What `reminders.run` would fire now, without firing it, and when the next one is due. Needs `run` on `reminder_rule`. */
    due(request?: RemindersDue): Result<Async, RemindersDueAnswer>;
  };
  report: {
    /** Runs a report: groups of records or lines of one kind with measures, formulas over the measures, rank, order and limit. Everything is within what the actor may read, and the answer says so. Needs `run` on `report`. Errors: `report.invalid`, `report.not_a_date`. */
    run(request?: ReportRun): Result<Async, ReportAnswer>;
  };
  service: {
    /** Records that a customer used a service that he bought: never more than is left, and only from its first day to its last. Needs `use` on `service_entitlement`. Errors: `value.not_positive`, `service.not_whole`, `service.ended`, `service.not_begun`, `service.expired`, `service.used_up`, `order.held`, `order.not_approved`. */
    use(request: UseService): Result<Async, UseServiceAnswer>;
    /** Takes a use back that was none: an entry of its own on the day of the use, with the other sign, after which so much is left again. Needs `take_back` on `service_use`. Errors: `service.taken_back`. */
    take_back(request: TakeBackServiceUse): Result<Async, UseServiceAnswer>;
    /** Lists what customers have of services that they bought, on a day: what is left, what is used, when it expires. Needs `read` on `service_entitlement`. */
    list(request?: ServiceList): Result<Async, ServiceListAnswer>;
  };
  session: {
    /** Signs in: tells a host without users of its own whom to act for. Open to everybody. Needs nothing: open to everybody. Errors: `session.login_refused`. */
    login(request: SessionLogin): Result<Async, SessionLoginAnswer>;
  };
  setting: {
    /** Sets a setting of the enterprise. Needs `update` on `setting`. Errors: `setting.unknown`, `setting.bad_value`. */
    set(request: SettingSet): Result<Async, SettingValue>;
    /** Lists all settings with their values. Needs `read` on `setting`. */
    list(request?: SettingList): Result<Async, SettingListAnswer>;
  };
  supplier_price: {
    /** What suppliers ask for a product, the cheapest first: prices that hold on a day for a quantity, in one currency and unit. Needs `read` on `supplier_price`. Errors: `enterprise.not_set_up`, `value.not_positive`. */
    compare(request: SupplierPriceCompare): Result<Async, SupplierPriceCompareAnswer>;
  };
  system: {
    /** What this library is: its versions, how many operations and kinds there are. Open to everybody. Needs nothing: open to everybody. */
    info(request?: SystemInfo): Result<Async, SystemInfoAnswer>;
  };
  tax: {
    /** Tells the rate of a tax on a date. Needs `read` on `tax`. Errors: `tax.no_rate`. */
    percent(request: TaxPercent): Result<Async, TaxPercentAnswer>;
    /** Tells what a price that holds a tax is with another in it: the net price stays the same (commerce.md 2.5). Needs `read` on `tax`. Errors: `tax.no_rate`. */
    map_price(request: TaxMapPrice): Result<Async, TaxMapPriceAnswer>;
  };
  unit: {
    /** Converts a quantity of one unit into another with the same base unit. Needs `read` on `unit`. Errors: `unit.no_conversion`. */
    convert(request: UnitConvert): Result<Async, UnitConvertAnswer>;
  };
}

/** The fields of each kind. */
export interface Kinds {
  department: Department;
  position: Position;
  position_right: PositionRight;
  employee: Employee;
  holding: Holding;
  restriction: Restriction;
  enterprise: Enterprise;
  setting: Setting;
  numbering_rule: NumberingRule;
  unit: Unit;
  exchange_rate: ExchangeRate;
  tax: Tax;
  tax_rate: TaxRate;
  tax_part: TaxPart;
  picklist_value: PicklistValue;
  calendar: Calendar;
  calendar_day: CalendarDay;
  payment_term: PaymentTerm;
  term_line: TermLine;
  custom_kind: CustomKind;
  custom_field: CustomField;
  customer: Customer;
  contact: Contact;
  product_category: ProductCategory;
  product: Product;
  bundle_component: BundleComponent;
  supplier_price: SupplierPrice;
  product_view: ProductView;
  price_list: PriceList;
  price_rule: PriceRule;
  price_tier: PriceTier;
  price_inquiry: PriceInquiry;
  price_strategy: PriceStrategy;
  price_strategy_key: PriceStrategyKey;
  exclusion_group: ExclusionGroup;
  discount_authority: DiscountAuthority;
  approval_definition: ApprovalDefinition;
  approval_step: ApprovalStep;
  approval_approver: ApprovalApprover;
  approval_instance: ApprovalInstance;
  approval_step_run: ApprovalStepRun;
  approval_task: ApprovalTask;
  outbox_message: OutboxMessage;
  reminder_rule: ReminderRule;
  reminder_text: ReminderText;
  reminder_firing: ReminderFiring;
  quote: Quote;
  quote_version: QuoteVersion;
  quote_line: QuoteLine;
  order: Order;
  order_line: OrderLine;
  invoice: Invoice;
  invoice_line: InvoiceLine;
  receipt: Receipt;
  allocation: Allocation;
  receivable: Receivable;
  credit_limit: CreditLimit;
  credit_reservation: CreditReservation;
  credit_release: CreditRelease;
  service_entitlement: ServiceEntitlement;
  service_grant: ServiceGrant;
  service_use: ServiceUse;
  action_type: ActionType;
  plan_template: PlanTemplate;
  plan_template_step: PlanTemplateStep;
  execution_plan: ExecutionPlan;
  plan_step: PlanStep;
  execution_record: ExecutionRecord;
  execution_line: ExecutionLine;
  saved_report: SavedReport;
  sales_target: SalesTarget;
  import_run: ImportRun;
}

/** Every code that an error may have. */
export type ErrorCode =
  | "ageing.bad_limits"
  | "approval.already_decided"
  | "approval.already_running"
  | "approval.bad_approver"
  | "approval.bad_step"
  | "approval.ended"
  | "approval.no_definition"
  | "approval.no_earlier_step"
  | "approval.no_empty_policy"
  | "approval.no_fallback"
  | "approval.no_steps"
  | "approval.not_approver"
  | "approval.not_draft"
  | "approval.not_held"
  | "approval.not_published"
  | "approval.not_submitter"
  | "approval.not_transitive"
  | "approval.own_submit"
  | "approval.self_approval"
  | "approval.subject_changed"
  | "approval.task_closed"
  | "bundle_component.bundle"
  | "calendar.no_working_day"
  | "calendar.second_default"
  | "contact.second_main"
  | "contact.superior_elsewhere"
  | "credit.bad_dates"
  | "credit.limit_exceeded"
  | "credit.negative_limit"
  | "credit.no_limit"
  | "credit.one_holder"
  | "credit.order_not_waiting"
  | "credit.refused"
  | "currency.no_rate"
  | "currency.same"
  | "customer.has_traded"
  | "customer.inactive"
  | "customer.owner_left"
  | "definition.invalid"
  | "definition.required_without_default"
  | "definition.retired"
  | "discount_authority.holder"
  | "document.discount_percent"
  | "document.discount_too_large"
  | "document.negative_charge"
  | "document.owner_left"
  | "document.several_taxes"
  | "document.tax_percent"
  | "document.two_discounts"
  | "enterprise.already_set_up"
  | "enterprise.currency_in_use"
  | "enterprise.not_set_up"
  | "enterprise.unknown_zone"
  | "exclusion_group.against"
  | "expression.invalid"
  | "field.check_failed"
  | "field.dangling_reference"
  | "field.duplicate"
  | "field.empty_selection"
  | "field.malformed"
  | "field.not_an_option"
  | "field.read_only"
  | "field.required"
  | "field.too_long"
  | "field.type"
  | "field.unknown"
  | "field.unknown_currency"
  | "handle.invalid"
  | "import.duplicate_key"
  | "import.encoding"
  | "import.history_only"
  | "import.mapping"
  | "import.missing_column"
  | "import.missing_file"
  | "import.no_document"
  | "import.quoting"
  | "import.refused"
  | "import.rejected"
  | "import.separator"
  | "import.unknown_reference"
  | "import.unmapped_value"
  | "import.width"
  | "interest.bad_period"
  | "internal.error"
  | "internal.panic"
  | "invoice.before_order"
  | "invoice.due_before_date"
  | "invoice.line_twice"
  | "invoice.not_imported"
  | "invoice.nothing"
  | "invoice.order_cancelled"
  | "invoice.term_or_date"
  | "kind.managed"
  | "kind.unknown"
  | "line.free"
  | "line.quantity"
  | "list.bad_cursor"
  | "numbering.bad_pattern"
  | "numbering.no_value"
  | "numbering.not_numbered"
  | "numbering.number_changed"
  | "numbering.repeats"
  | "opening.after_cutover"
  | "order.corrects"
  | "order.executed"
  | "order.foreign_contact"
  | "order.free_beyond"
  | "order.held"
  | "order.in_approval"
  | "order.negative_price"
  | "order.negative_quantity"
  | "order.new_or_existing"
  | "order.no_line"
  | "order.no_lines"
  | "order.not_approved"
  | "order.not_draft"
  | "order.one_end"
  | "order.over_credited"
  | "order.over_executed"
  | "order.positive_quantity"
  | "order.quoted_line"
  | "order.self_approval"
  | "order.shipped_before_date"
  | "order.unlike_sum"
  | "order.wrong_state"
  | "org.cycle"
  | "org.last_administrator"
  | "org.unknown_right"
  | "outbox.already_delivered"
  | "party.cycle"
  | "password.not_confirmed"
  | "password.too_short"
  | "password.unchanged"
  | "password.wrong"
  | "payment_term.amounts_exceed"
  | "payment_term.bad_due"
  | "payment_term.bad_lines"
  | "payment_term.other_currency"
  | "permission.forbidden"
  | "permission.no_actor"
  | "picklist.option_retired"
  | "plan.action_retired"
  | "plan.bad_shares"
  | "plan.exists"
  | "plan.no_effect"
  | "plan.no_receipt_action"
  | "plan.no_required_date"
  | "plan.no_step"
  | "plan.none"
  | "plan.not_executor"
  | "plan.nothing"
  | "plan.nothing_open"
  | "plan.over_planned"
  | "plan.step_closed"
  | "plan.step_frozen"
  | "plan.step_or_action"
  | "plan.unlike_total"
  | "price.ambiguous"
  | "price.below_floor"
  | "price.beyond_authority"
  | "price.certificate"
  | "price.list_not_open"
  | "price.manual"
  | "price.negative"
  | "price.no_bundle"
  | "price.none"
  | "price.offer"
  | "price.quantity"
  | "price.replay"
  | "price.unit"
  | "price.unknown_strategy"
  | "price_list.currency"
  | "price_list.cycle"
  | "price_rule.bounds"
  | "price_rule.condition"
  | "price_rule.currency"
  | "price_rule.formula"
  | "price_rule.free_goods"
  | "price_rule.measure"
  | "price_rule.stage"
  | "price_rule.tiers"
  | "price_rule.two_scopes"
  | "price_rule.value"
  | "price_strategy.keys"
  | "product.negative"
  | "product.retired"
  | "product.service"
  | "product_category.cycle"
  | "quote.another_quote"
  | "quote.approved_version_exists"
  | "quote.closed"
  | "quote.expired"
  | "quote.foreign_contact"
  | "quote.frozen"
  | "quote.in_approval"
  | "quote.no_line"
  | "quote.no_lines"
  | "quote.no_version"
  | "quote.not_accepted"
  | "quote.not_approved"
  | "quote.over_before_date"
  | "quote.over_quantity"
  | "quote.self_approval"
  | "quote.version_needed"
  | "quote.wrong_state"
  | "receipt.currency"
  | "receipt.not_allocated"
  | "receipt.other_customer"
  | "receipt.over_allocated"
  | "receipt.refund_allocated"
  | "receipt.refund_exceeds"
  | "record.conflict"
  | "record.in_use"
  | "record.not_found"
  | "reminder.bad_rule"
  | "report.invalid"
  | "report.not_a_date"
  | "request.invalid"
  | "request.invalid_json"
  | "request.invalid_text"
  | "request.unknown_operation"
  | "service.ended"
  | "service.expired"
  | "service.not_begun"
  | "service.not_whole"
  | "service.taken_back"
  | "service.used_up"
  | "session.login_refused"
  | "setting.bad_value"
  | "setting.unknown"
  | "statement.bad_range"
  | "store.busy"
  | "store.cannot_migrate"
  | "store.corrupt"
  | "store.foreign"
  | "store.full"
  | "store.interrupted"
  | "store.io"
  | "store.newer_schema"
  | "store.outcome_unknown"
  | "store.read_only"
  | "store.unsupported"
  | "supplier_price.price"
  | "tax.no_rate"
  | "tax.parts"
  | "tracking.order_or_customer"
  | "unit.base_is_derived"
  | "unit.no_conversion"
  | "value.none"
  | "value.not_positive"
  | "value.out_of_range";

/** How a rule names a product or a customer. */
export type AccessAxis = "all" | "group" | "one";

/** Shows what a customer owes and has to his credit, in each currency. */
export interface AccountBalance {
  /** The customer. */
  customer: Id;
  /** The day; today where none is given. */
  as_of?: CalendarDate | null;
  /** Only what was recorded by then. */
  known_at?: Instant | null;
}

/** The balance in each currency. */
export interface AccountBalanceAnswer {
  /** The day. */
  as_of: CalendarDate;
  /** One for each currency in which something stands, by its code. */
  balances: CurrencyBalance[];
}

/** Shows the account of a customer in one currency: what it opened with, every document and payment with the balance after it, what it closed with. */
export interface AccountStatement {
  /** The customer. */
  customer: Id;
  /** The first day; from the beginning where none is given. */
  from?: CalendarDate | null;
  /** The last day; to the end where none is given. */
  to?: CalendarDate | null;
  /** The currency; the customer's or the enterprise's where none is given. */
  currency?: string | null;
}

/** A statement of account. */
export interface AccountStatementAnswer {
  /** The customer. */
  customer: Id;
  /** The currency. */
  currency: string;
  /** The first day. */
  from: CalendarDate | null;
  /** The last day. */
  to: CalendarDate | null;
  /** The balance before the first entry; above zero is owed to us. */
  opening: Decimal;
  /** The entries by date. */
  entries: StatementEntry[];
  /** Sum of the debits. */
  debit: Decimal;
  /** Sum of the credits. */
  credit: Decimal;
  /** The balance after the last entry. */
  closing: Decimal;
  /** Other currencies in which something stands on the account. */
  other_currencies: string[];
}

/** Something that is done for an order: a stock-out, an invoice, a receipt, a dunning call. What it does to delivery, invoice and money is said here. */
export interface ActionType {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** What it does to goods. */
  effect_delivery: DeliveryEffect;
  /** True where it issues an invoice. */
  effect_invoice: boolean;
  /** What it does to money. */
  effect_money: MoneyEffect;
  /** The position whose holders execute it; anybody with the right where none is named. */
  executor: Id | null;
  /** False once it is no longer used. */
  active: boolean;
}

/** Open debts by how long they have been due. */
export interface AgeingAnswer {
  /** The day. */
  as_of: CalendarDate;
  /** What was known by when, where that was asked. */
  known_at: Instant | null;
  /** The currency of all amounts. */
  currency: string;
  /** The sums of the buckets. */
  buckets: AgeingBucket[];
  /** All open debts. */
  total_open: Decimal;
  /** Advances and credit notes; not netted above. */
  credits: Decimal;
  /** Open debts less credits. */
  net_balance: Decimal;
  /** The rows, the largest debts first. */
  rows: AgeingRow[];
  /** True where there are more rows. */
  more: boolean;
}

/** A bucket. */
export interface AgeingBucket {
  /** Its name. */
  label: string;
  /** What is open. */
  amount: Decimal;
}

/** What ageing is told apart by. */
export type AgeingBy = "customer" | "owner" | "none";

/** One customer or salesperson. */
export interface AgeingRow {
  /** The customer. */
  customer: Id | null;
  /** The salesperson. */
  owner: Id | null;
  /** The number or code. */
  number: string | null;
  /** The name. */
  name: string | null;
  /** The buckets, those without amount too. */
  buckets: AgeingBucket[];
  /** All open debts. */
  total_open: Decimal;
  /** Advances and credit notes. */
  credits: Decimal;
  /** Open debts less credits. */
  net_balance: Decimal;
}

/** What becomes of the part of a receipt that no debt was named for. */
export type Allocate = "auto" | "order" | "none";

/** What of a receipt settles which debt. Never changed: a correction is an entry of its own, with the other sign. */
export interface Allocation {
  /** What sort of entry it is. */
  entry: AllocationEntry;
  /** The receipt that it is taken from. */
  receipt: Id | null;
  /** The debt that it settles. */
  receivable: Id | null;
  /** The refund by which it went back. */
  refund: Id | null;
  /** The customer. */
  customer: Id;
  /** Whose business the debt is, or the receipt. */
  owner: Id | null;
  /** The department it belongs to. */
  department: Id | null;
  /** The currency. */
  currency: string;
  /** How much. */
  amount: Decimal;
  /** What the debt became less by in the enterprise's currency. */
  base_amount: Decimal;
  /** What the advance became less by in the enterprise's currency: where it differs, the rate has moved. */
  advance_base: Decimal;
  /** The later of the receipt's and the document's date; for a correction its own day. */
  date: CalendarDate;
  /** When it became known here. */
  recorded_at: Instant;
  /** Why, for a correction. */
  reason: string | null;
}

/** The line's part of what the rule before made of several lines together. */
export interface AllocationEffect {
  /** A part. */
  stage: "allocation";
  /** How much of it falls on the line. */
  amount: Decimal;
  /** The price before it. */
  base: Exact;
  /** The price after it. */
  price: Exact;
  /** The difference. */
  share: Exact;
}

/** What sort of entry an allocation is. */
export type AllocationEntry = "payment" | "refund" | "correction" | "cancellation";

/** A part of a receipt that settles a debt. */
export interface AllocationPart {
  /** The debt. */
  receivable: Id;
  /** How much; all that is open where nothing is given. */
  amount?: Decimal | null;
}

/** Scores customers by recency (days since the last document), frequency (documents) and money (their sum), one to five each, best five, by a named method; segments follow from recency and frequency. */
export interface AnalysisRfm<K extends AnyKind = string> {
  /** The kind of document. */
  kind?: K;
  /** Only documents for which this condition holds. It may name `as_of`. Where none is given and the documents are orders, those in effect: approved, held or fulfilled. */
  filter?: string | null;
  /** The customer's business key: ties of methods that need them go by it, in code-point order. */
  key?: string;
  /** The document's date. */
  date?: string;
  /** The document's amount. */
  amount?: string;
  /** The date from which recency is counted; today where there is none. */
  as_of?: CalendarDate | null;
  /** How scores are given. */
  method?: ScoreMethod;
  /** False leaves the table of customers out. */
  customers?: boolean;
}

/** The answer of an RFM analysis. */
export interface AnalysisRfmAnswer {
  /** The date from which recency is counted. */
  as_of: CalendarDate;
  /** The method. */
  method: ScoreMethod;
  /** Customers scored. */
  count: number;
  /** Segments that have customers, by name. */
  segments: RfmSegment[];
  /** Combinations of scores that have customers, by scores. */
  cells: RfmCell[];
  /** The customers by key. */
  customers: RfmCustomer[];
}

/** A figure by period with month-on-month (环比) and year-on-year (同比). The period that holds the last complete day is compared with the same number of days of the earlier one, never with all of it. */
export interface AnalysisTrend<K extends AnyKind = string> {
  /** The kind; a child kind for lines. */
  kind?: K;
  /** Only records for which this condition holds. */
  filter?: string | null;
  /** The date that decides the period. */
  date?: string;
  /** What is summed; records are counted where there is none. */
  of?: string | null;
  /** The period. */
  period?: PeriodBy;
  /** First day shown; the first with a figure where there is none. */
  from?: CalendarDate | null;
  /** The last complete day; yesterday where there is none. */
  until?: CalendarDate | null;
}

/** A trend. */
export interface AnalysisTrendAnswer {
  /** The last complete day. */
  until: CalendarDate;
  /** Periods in order, those without a figure included. */
  periods: TrendPeriod[];
}

/** An administrator names who decides a step for which nobody was found. */
export interface ApprovalAppoint {
  /** The held approval. */
  approval: Id;
  /** Who decides. */
  approver: Id;
  /** Why; kept as the reason of the change. */
  comment?: string | null;
  /** The approval's version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** Somebody asked at a step, found when the step begins. */
export interface ApprovalApprover {
  /** The number of the step. */
  step: number;
  /** How he is found. */
  source: ApproverSource;
  /** The employee, where `source` is `employee`. */
  employee: Id | null;
  /** The position whose active holders are asked, where `source` is `position`. */
  held: Id | null;
  /** The department whose head is asked, where `source` is `department_head`; else the submitter's. */
  department: Id | null;
  /** How many levels above the submitter, where `source` is `superior`: 1 is the direct superior. */
  levels: number | null;
  /** An expression over the record that gives an employee, where `source` is `field`. */
  expression: string | null;
}

/** Answers a task of the actor: approve, reject, or return for changes with a comment. Errors: `approval.not_approver`, `approval.self_approval`, `approval.task_closed`, `approval.subject_changed` where a field that decided the route is another one than when the record was submitted, `record.conflict`; those of the areas that act on the end of the approval. */
export interface ApprovalDecide {
  /** The task. */
  task: Id;
  /** The answer. */
  decision: ApprovalDecision;
  /** Why. */
  comment?: string | null;
  /** With `return`: the earlier step to go back to; the submitter where there is none. */
  to_step?: number | null;
  /** The task's version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** What came of an answer. */
export interface ApprovalDecideAnswer {
  /** The task. */
  task: Stored<ApprovalTask>;
  /** The approval after it. */
  approval: Stored<ApprovalInstance>;
  /** The tasks that wait for an answer. */
  open: Stored<ApprovalTask>[];
}

/** An answer to a task. */
export type ApprovalDecision = "approve" | "reject" | "return";

/** Writes a draft of how records of a kind are approved: a new version of the definition with this code, or over the draft that stands. Nothing applies before it is published. */
export interface ApprovalDefine<K extends AnyKind = string> {
  /** The kind of record, by name. */
  kind: K;
  /** The code that its versions share; the kind's name where there is none. A kind may have several definitions with different conditions. */
  code?: string | null;
  /** The name. */
  name: string;
  /** The condition over the record under which it applies. `submitter`, `today`, `now` and `actor` are known beside the fields. */
  condition?: string | null;
  /** Who decides where no step is left. */
  fallback?: Id | null;
  /** Notes. */
  notes?: string | null;
  /** The steps, in order. */
  steps?: ApprovalDefineStep[];
  /** The draft's version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** Somebody asked at a step. */
export interface ApprovalDefineApprover {
  /** How he is found. */
  source: ApproverSource;
  /** The employee, where `source` is `employee`. */
  employee?: Id | null;
  /** The position, where `source` is `position`. */
  held?: Id | null;
  /** The department, where `source` is `department_head`; else the submitter's. */
  department?: Id | null;
  /** How many levels above the submitter, where `source` is `superior`; 1 where it is not given. */
  levels?: number | null;
  /** An expression over the record that gives an employee, where `source` is `field`. */
  expression?: string | null;
}

/** A step of a definition. */
export interface ApprovalDefineStep {
  /** Its number; its place in the list where there is none. */
  step?: number | null;
  /** The name. */
  name: string;
  /** The condition over the record under which it is needed. */
  condition?: string | null;
  /** How many of those asked decide. */
  mode?: ApprovalMode;
  /** For a quorum: how many approvals are needed. */
  need?: number | null;
  /** For a quorum: how many per cent of those asked are needed. */
  need_percent?: Decimal | null;
  /** Who is asked. */
  approvers?: ApprovalDefineApprover[];
  /** What happens where nobody is found. */
  on_empty?: OnEmpty | null;
  /** Who decides then, where `on_empty` is `fallback`. */
  fallback?: Id | null;
  /** What happens where the submitter would be asked. */
  self_approval?: SelfApproval;
}

/** How records of a kind are approved: steps in order, with the conditions under which they are needed. A published version never changes; what runs on it ends on it. */
export interface ApprovalDefinition {
  /** The kind of record that it is for, by name. */
  kind: string;
  /** The code that its versions share. */
  code: string;
  /** The version: 1, 2, ... */
  version_no: number;
  /** The name. */
  name: string;
  /** Where it stands. */
  state: ApprovalDefinitionState;
  /** The condition over the record under which it applies; always where there is none. */
  condition: string | null;
  /** Who decides where no step is left: an approval never passes by itself. */
  fallback: Id | null;
  /** When it was published. */
  published_at: Instant | null;
  /** Notes. */
  notes: string | null;
  /** The steps. */
  steps: Line<ApprovalStep>[];
  /** Who is asked at which step. */
  approvers: Line<ApprovalApprover>[];
}

/** A definition. */
export interface ApprovalDefinitionAnswer {
  /** The definition. */
  definition: Stored<ApprovalDefinition>;
}

/** Where a definition stands. */
export type ApprovalDefinitionState = "draft" | "published" | "retired";

/** Hands a task of the actor to somebody else, who answers in his place. Not handed on a second time. */
export interface ApprovalDelegate {
  /** The task. */
  task: Id;
  /** To whom. */
  to: Id;
  /** Why. */
  comment?: string | null;
  /** The task's version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** The tasks that wait for the actor, the oldest first, with what each is about. */
export interface ApprovalInbox {
  /** At most so many, 1 to 200. */
  limit?: number;
  /** Only tasks behind this one: the `next` of the page before. */
  after?: Id | null;
}

/** A page of the inbox. */
export interface ApprovalInboxAnswer {
  /** The tasks. */
  tasks: ApprovalInboxItem[];
  /** What to give as `after` for the next page; none at the end. */
  next: Id | null;
}

/** One task that waits for the actor. */
export interface ApprovalInboxItem<K extends AnyKind = string> {
  /** The task. */
  task: Stored<ApprovalTask>;
  /** The kind of the record. */
  kind: K;
  /** The record. */
  subject: Id;
  /** What it is called. */
  subject_title: string | null;
  /** The record in short, as it was submitted: number, title, owner, department, date, amounts. */
  summary: Json | null;
  /** Who submitted it. */
  submitter: Id;
  /** His name. */
  submitter_name: string;
  /** On whose behalf he did. */
  on_behalf: Id | null;
  /** The name of that person. */
  on_behalf_name: string | null;
  /** When. */
  submitted_at: Instant;
}

/** One approval of one record. It keeps the version of the definition it runs on. */
export interface ApprovalInstance {
  /** The kind of the record, by name. */
  kind: string;
  /** The record. */
  subject: Id;
  /** What the record was called when it was submitted. */
  subject_title: string | null;
  /** The definition, in the version it runs on. */
  definition: Id;
  /** Where it stands. */
  state: ApprovalState;
  /** Who submitted: self-approval is judged against him and `on_behalf`. */
  submitter: Id;
  /** The submitter's department then. */
  department: Id;
  /** When. */
  submitted_at: Instant;
  /** The change set as of which the record was submitted: reading it as of then shows what was asked for. */
  snapshot: number;
  /** The step that is being decided; 0 for the last fallback. */
  step: number;
  /** How often a step has been gone back to. */
  round: number;
  /** When it ended. */
  ended_at: Instant | null;
  /** What became of each step, in order of time. */
  steps: Line<ApprovalStepRun>[];
  /** On whose behalf he submitted: self-approval is judged against that person too. */
  on_behalf: Id | null;
}

/** An approval. */
export interface ApprovalInstanceAnswer {
  /** The approval. */
  approval: Stored<ApprovalInstance>;
  /** The tasks that wait for an answer. */
  open: Stored<ApprovalTask>[];
}

/** How many of those asked at a step decide it. */
export type ApprovalMode = "one" | "all" | "any_first_response" | "any_first_approval" | "quorum";

/** Puts a draft in force and retires the version before it. What runs on that version goes on to its end. */
export interface ApprovalPublish {
  /** The draft. */
  definition: Id;
  /** Its version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** An administrator hands an open task to somebody else. */
export interface ApprovalReassign {
  /** The task. */
  task: Id;
  /** To whom. */
  to: Id;
  /** Why. */
  comment?: string | null;
  /** The task's version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** Takes a published definition out of force. What runs on it goes on to its end. */
export interface ApprovalRetire {
  /** The definition. */
  definition: Id;
  /** Its version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** An approval with its definition, steps, tasks (who is asked and why), the record as it was submitted and what has changed since. For the submitter, those who are or were asked, those who may read the record, and administrators. */
export interface ApprovalShow<K extends AnyKind = string> {
  /** The approval; or the record in `kind` and `subject`. */
  approval?: Id | null;
  /** The kind of the record. */
  kind?: K | null;
  /** The record whose last approval is meant. */
  subject?: Id | null;
}

/** An approval in full. */
export interface ApprovalShowAnswer<K extends AnyKind = string> {
  /** The approval with its steps. */
  approval: Stored<ApprovalInstance>;
  /** The definition in the version it runs on. */
  definition: Stored<ApprovalDefinition>;
  /** Everybody asked, in order. */
  tasks: Stored<ApprovalTask>[];
  /** The record as it was submitted. */
  record: RecordOf<K> | null;
  /** Fields of the record that are different now. */
  changed: string[];
}

/** Where an approval stands. */
export type ApprovalState = "running" | "approved" | "rejected" | "returned" | "recalled" | "cancelled" | "held";

/** One step of a definition. */
export interface ApprovalStep {
  /** Its number: the steps come in this order. */
  step: number;
  /** The name. */
  name: string;
  /** The condition over the record under which it is needed; always where there is none. Unknown is not true. */
  condition: string | null;
  /** How many of those asked decide. */
  mode: ApprovalMode;
  /** For a quorum: how many approvals are needed. */
  need: number | null;
  /** For a quorum: how many per cent of those asked are needed, rounded up. */
  need_percent: Decimal | null;
  /** What happens where nobody is found. */
  on_empty: OnEmpty | null;
  /** Who decides where nobody is found and `on_empty` is `fallback`. */
  fallback: Id | null;
  /** What happens where the submitter would be asked. */
  self_approval: SelfApproval;
}

/** What became of a step of a running approval. */
export interface ApprovalStepRun {
  /** The number of the step; 0 for the last fallback. */
  step: number;
  /** Its name. */
  name: string;
  /** The round. */
  round: number;
  /** What became of it. */
  state: ApprovalStepState;
  /** Why, as a stable word: `condition`, `nobody_found`, `quorum_out_of_reach`, ... */
  reason: string | null;
  /** When it began, or was passed over. */
  at: Instant;
  /** When it was decided. */
  decided_at: Instant | null;
}

/** What became of a step. */
export type ApprovalStepState = "open" | "approved" | "rejected" | "returned" | "not_needed" | "skipped" | "held" | "ended";

/** Submits a record of a kind that has no operation of its own for that, such as a kind made at run time. */
export interface ApprovalSubmit<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The record. */
  id: Id;
  /** The version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** One question to one person. Who is asked and why is fixed when the step begins. */
export interface ApprovalTask {
  /** The approval. */
  instance: Id;
  /** The number of the step; 0 for the last fallback. */
  step: number;
  /** The step's name. */
  step_name: string;
  /** The round. */
  round: number;
  /** Who is asked. */
  approver: Id;
  /** Where it stands. */
  state: ApprovalTaskState;
  /** How the approver was found. */
  source: ApproverSource;
  /** Why he stands in for somebody, as a stable word: `self_approval`, `user_inactive:successor`, `delegated`, ... */
  reason: string | null;
  /** For whom he stands in. */
  instead_of: Id | null;
  /** When he was asked. */
  opened_at: Instant;
  /** When it was closed. */
  closed_at: Instant | null;
  /** Who closed it; nobody where the engine did. */
  closed_by: Id | null;
  /** What he said. */
  comment: string | null;
}

/** Where a task stands. */
export type ApprovalTaskState = "open" | "approved" | "rejected" | "returned" | "delegated" | "reassigned" | "not_needed";

/** How something came to be approved. */
export type ApprovalWay = "not_required" | "by_right" | "by_definition" | "imported";

/** Withdraws a submission: by the submitter, or on whose behalf it was, until somebody has decided, later by who may administer approvals. */
export interface ApprovalWithdraw<K extends AnyKind = string> {
  /** The approval; or the record in `kind` and `subject`. */
  approval?: Id | null;
  /** The kind of the record. */
  kind?: K | null;
  /** The record whose running approval is meant. */
  subject?: Id | null;
  /** Why; kept as the reason of the change. */
  comment?: string | null;
  /** The approval's version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** How an approver is found. */
export type ApproverSource = "employee" | "position" | "department_head" | "superior" | "field" | "fallback" | "administrator";

/** What becomes of the rules of the list on which a list builds. */
export type BaseRules = "shadow" | "compete";

/** Runs several operations in one transaction: all of them or none. Each has a change set of its own. */
export interface Batch {
  /** The operations, in order, at most 1,000. */
  operations?: BatchItem[];
}

/** The answers of a batch. */
export interface BatchAnswer {
  /** One answer for each operation, in order. */
  answers: Json[];
}

/** One operation of a batch. */
export interface BatchItem {
  /** The operation's name. */
  op: string;
  /** Its request. */
  request: unknown;
}

/** A deleted record. */
export interface BinEntry<K extends AnyKind = string> {
  /** When it was deleted. */
  at: Instant;
  /** By whom. */
  actor: Id | null;
  /** The record as it was. */
  record: RecordOf<K>;
}

/** The last deleted record of a page. */
export interface BinMark {
  /** The change set that deleted it. */
  change: number;
  /** The record. */
  record: Id;
}

/** The last deleted record of a page. */
export interface BinMarkGiven {
  /** The change set that deleted it. */
  change: number;
  /** The record. */
  record: Id;
}

/** What a bundle is made of: one product in it. */
export interface BundleComponent {
  /** The product that is sold as a bundle. */
  bundle: Id;
  /** What is in it; no bundle itself. */
  component: Id;
  /** How many are in one bundle. */
  quantity: Decimal;
}

/** Which days are working days. */
export interface Calendar {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The calendar taken where none is named; at most one is. */
  is_default: boolean;
  /** Mondays are working days. */
  monday: boolean;
  /** Tuesdays are working days. */
  tuesday: boolean;
  /** Wednesdays are working days. */
  wednesday: boolean;
  /** Thursdays are working days. */
  thursday: boolean;
  /** Fridays are working days. */
  friday: boolean;
  /** Saturdays are working days. */
  saturday: boolean;
  /** Sundays are working days. */
  sunday: boolean;
  /** Days that differ: holidays, and days worked in exchange for them. */
  days: Line<CalendarDay>[];
}

/** A day that differs from its week. */
export interface CalendarDay {
  /** The day. */
  date: CalendarDate;
  /** Whether it is worked. */
  working: boolean;
  /** What it is. */
  name: string | null;
}

/** Moves a date to a working day. */
export interface CalendarWorkingDay {
  /** The date. */
  date: CalendarDate;
  /** Where it goes when it is no working day. */
  shift?: WorkingDayShift;
  /** The calendar; the default one where none is given, Monday to Friday where there is none. */
  calendar?: Id | null;
}

/** A working day. */
export interface CalendarWorkingDayAnswer {
  /** The date itself where it is worked. */
  date: CalendarDate;
}

/** Types of columns. */
export type ColumnType = "text" | "integer" | "decimal" | "date" | "boolean";

/** Which effects of an exclusion group stay. An effect that contributes nothing suppresses nothing. */
export type Comparator = "best" | "worst" | "best_total" | "worst_total" | "suppress";

/** What became of a rule. */
export interface ConsideredRule {
  /** The rule. */
  rule: Id;
  /** What people call it. */
  code: string;
  /** It makes the price or takes effect on it. */
  taken: boolean;
  /** Why it was not taken: `expired`, `below_min_quantity`, `beaten`, `excluded`, `tied` and others. */
  reason?: string;
  /** For `beaten` the key of the strategy, for `excluded` the group. */
  by?: string;
  /** Which last resort chose it among equals: that of the strategy, or of its group. */
  decided_by?: string;
}

/** A person at a customer, or one met before the company was known. */
export interface Contact {
  /** The name. */
  name: string;
  /** The customer he or she works for. */
  customer: Id | null;
  /** Form of address. */
  salutation: string | null;
  /** The title on the card. */
  job_title: string | null;
  /** The department there. */
  unit_name: string | null;
  /** The part he or she plays in buying (decides, advises, uses), from the picklist. */
  contact_role: string | null;
  /** To whom he or she reports there. */
  superior: Id | null;
  /** Telephone. */
  phone: string | null;
  /** Mobile telephone. */
  mobile: string | null;
  /** Mail address. */
  email: string | null;
  /** Day of birth. */
  birthday: CalendarDate | null;
  /** True for the one who is written to first; at most one of a customer. */
  main: boolean;
  /** The key in the system he or she comes from. */
  external_key: string | null;
  /** False once he or she has left. */
  active: boolean;
  /** Notes. */
  notes: string | null;
}

/** The list price in the currency asked for. */
export interface ConversionEffect {
  /** A conversion. */
  stage: "conversion";
  /** Into which currency. */
  currency: string;
  /** The exchange rate. */
  rate: Exact;
  /** The price after it. */
  price: Exact;
}

/** Says whether an amount or an order would pass the credit limits, and by which one it is bound. Nothing is taken. */
export interface CreditCheck {
  /** The customer. */
  customer?: Id | null;
  /** The salesperson. */
  employee?: Id | null;
  /** The order, with its customer and salesperson. */
  order?: Id | null;
  /** What is to come, in the enterprise's currency; the order's total where an order is given. */
  amount?: Decimal | null;
}

/** What comes of a check. */
export interface CreditCheckAnswer {
  /** The worst of all dimensions. */
  status: CreditStatus;
  /** What is to come. */
  amount: Decimal;
  /** The dimension with the least room; none where nothing is checked. */
  binding: string | null;
  /** True where a release covers the order today. */
  released: boolean;
  /** Customer and salesperson. */
  dimensions: CreditCheckedLimit[];
}

/** One limit with what is to come. */
export interface CreditCheckedLimit {
  /** `customer` or `salesperson`. */
  dimension: string;
  /** Whose limit. */
  holder: Id;
  /** How it is checked. */
  mode: LimitMode;
  /** Where it stands with what is to come. */
  status: CreditStatus;
  /** The limit that counts today; none where nothing is checked. */
  limit: Decimal | null;
  /** What is used, without what is to come. */
  exposure: CreditExposure;
  /** What is left; below zero beyond the limit. None where nothing is checked. */
  headroom: Decimal | null;
}

/** What an exposure is made of, in the enterprise's currency. */
export interface CreditExposure {
  /** Orders in effect, neither delivered nor booked as debts. */
  open_orders: Decimal;
  /** Delivered and not booked as a debt. */
  delivered_not_invoiced: Decimal;
  /** Debts not paid. */
  invoiced: Decimal;
  /** Advances. */
  advances: Decimal;
  /** All of it, less advances. */
  used: Decimal;
}

/** How much credit a customer is given, or a salesperson may give, with what of it is used. Who has none is not checked; a limit of zero means that everything is prepaid. */
export interface CreditLimit {
  /** The customer or employee whose limit it is. */
  holder: Id;
  /** The customer, where it is a customer's. */
  customer: Id | null;
  /** The salesperson, where it is one's. */
  employee: Id | null;
  /** The limit, in the enterprise's currency. */
  amount: Decimal;
  /** The first day on which it counts; before it nothing is checked. */
  valid_from: CalendarDate | null;
  /** The last day of its validity; after it nothing more is given on credit. */
  valid_until: CalendarDate | null;
  /** False where nothing is checked for a time. */
  active: boolean;
  /** Orders in effect, neither delivered nor booked as debts. */
  open_orders: Decimal;
  /** What was delivered and is not booked as a debt. */
  delivered_not_invoiced: Decimal;
  /** Debts that are not paid. */
  invoiced: Decimal;
  /** Advances: they make the exposure less. */
  advances: Decimal;
  /** Notes. */
  notes: string | null;
}

/** A limit. */
export interface CreditLimitAnswer {
  /** The limit as it stands; none where it was taken away. */
  limit: Stored<CreditLimit> | null;
}

/** Counts anew what a holder uses, from orders, debts and receipts, and says what had been kept. */
export interface CreditRecount {
  /** The customer; or else the employee. */
  customer?: Id | null;
  /** The employee. */
  employee?: Id | null;
}

/** What was kept and what was counted. */
export interface CreditRecountAnswer {
  /** What the limit said. */
  kept: CreditExposure;
  /** What orders, debts and receipts say; the limit says so too now. */
  counted: CreditExposure;
  /** True where both are the same. */
  equal: boolean;
}

/** Somebody with the right let an order pass beyond a limit, up to an amount and until a day. */
export interface CreditRelease {
  /** The order. */
  order: Id;
  /** Up to which total of the order it counts, in the enterprise's currency. */
  amount: Decimal;
  /** The last day on which it counts. */
  until: CalendarDate;
  /** Why. */
  reason: string;
  /** Who released it. */
  released_by: Id;
  /** When. */
  released_at: Instant;
}

/** What an order takes of the limits of its customer and salesperson. */
export interface CreditReservation {
  /** The order. */
  order: Id;
  /** Whose limit it takes from. */
  customer: Id;
  /** And which salesperson's. */
  employee: Id;
  /** The order's total, in the enterprise's currency. */
  amount: Decimal;
  /** How much of the order was booked as debts, in its own currency. */
  booked: Decimal;
  /** What counts as an open order. */
  open_orders: Decimal;
  /** What counts as delivered and not booked as a debt. */
  delivered_not_invoiced: Decimal;
  /** Where it stands. */
  state: ReservationState;
}

/** Sets the credit limit of a customer or a salesperson, or takes it away. What is used of it is counted at once. */
export interface CreditSetLimit {
  /** The customer; or else the employee. */
  customer?: Id | null;
  /** The employee whose orders it is for. */
  employee?: Id | null;
  /** The limit, in the enterprise's currency; none takes it away, zero means that everything is prepaid. */
  amount?: Decimal | null;
  /** The first day on which it counts; before it nothing is checked. */
  valid_from?: CalendarDate | null;
  /** The last day of its validity; after it nothing more is given on credit. */
  valid_until?: CalendarDate | null;
  /** False where nothing is checked for a time. */
  active?: boolean;
  /** Notes. */
  notes?: string | null;
  /** The version that was read; refused where another stands. */
  version?: number | null;
}

/** Where a holder stands with an amount that is to come. */
export type CreditStatus = "no_check" | "ok" | "watch" | "hold";

/** Lists credit limits with what of them is used, the most used first. */
export interface CreditUse {
  /** Whose. */
  of?: LimitsOf;
  /** Only those beyond their limit. */
  exceeded_only?: boolean;
  /** At most so many, 1 to 1,000. */
  limit?: number;
}

/** Limits with what is used. */
export interface CreditUseAnswer {
  /** The limits, the most used first. */
  limits: CreditUsedLimit[];
  /** True where there are more. */
  more: boolean;
}

/** A limit with what is used. */
export interface CreditUsedLimit {
  /** The limit's record. */
  credit_limit: Id;
  /** The customer, where it is one's. */
  customer: Id | null;
  /** The salesperson, where it is one's. */
  employee: Id | null;
  /** The number or code. */
  number: string | null;
  /** The name. */
  name: string;
  /** The limit. */
  amount: Decimal;
  /** What is used. */
  exposure: CreditExposure;
  /** What is left; below zero beyond the limit. */
  headroom: Decimal;
  /** How much of it is used, in per cent with two decimals; none of a limit of zero. */
  used_percent: Decimal | null;
  /** Where it stands. */
  status: CreditStatus;
}

/** The balance in one currency. */
export interface CurrencyBalance {
  /** The currency. */
  currency: string;
  /** Debts that are not due yet. */
  not_due: Decimal;
  /** Debts due on the day itself. */
  due_today: Decimal;
  /** Debts past due. */
  overdue: Decimal;
  /** All debts. */
  open: Decimal;
  /** Advances and credit notes. */
  credits: Decimal;
  /** Debts less credits. */
  balance: Decimal;
}

/** Converts an amount into another currency at the rate of a date. */
export interface CurrencyConvert {
  /** The amount. */
  amount: Decimal;
  /** Its currency. */
  from: string;
  /** The currency wanted; the enterprise's where none is given. */
  to?: string | null;
  /** The date of the rate; today where none is given. */
  date?: CalendarDate | null;
}

/** An amount in another currency. */
export interface CurrencyConvertAnswer {
  /** The currency of the amount. */
  currency: string;
  /** Posted by the enterprise's rounding policy. */
  amount: Decimal;
  /** How many of it one of the other currency is. */
  rate: Decimal;
}

/** A field made at run time. */
export interface CustomField {
  /** The kind's name. */
  kind: string;
  /** The name in operations and expressions. */
  name: string;
  /** The stable number within the kind. */
  field_no: number;
  /** The type. */
  field_type: CustomType;
  /** Longest text, in characters. */
  longest: number | null;
  /** Decimals of a number. */
  decimals: number | null;
  /** The list of a picklist field. */
  list: string | null;
  /** The kind that a reference refers to. */
  target: string | null;
  /** What the field is to the machinery. */
  role: CustomRole;
  /** True where a record without it is refused. */
  required: boolean;
  /** The value of new records that have none. */
  default_value: Json | null;
  /** True where lists by this field are fast. */
  indexed: boolean;
  /** True where no two records may have the same value. */
  is_unique: boolean;
  /** True where summaries, such as those that approvers are shown, leave it out. */
  sensitive: boolean;
  /** The label in English. */
  label_en: string;
  /** The label in simplified Chinese. */
  label_zh_cn: string;
  /** The label in traditional Chinese. */
  label_zh_tw: string;
  /** True once it can no longer be set. */
  retired: boolean;
  /** A condition that every record with this field has to fulfil; one that is unknown refuses nothing. */
  check: string | null;
}

/** A kind made at run time. */
export interface CustomKind {
  /** The name in operations and expressions. */
  name: string;
  /** The stable number of the kind. */
  kind_no: number;
  /** The label in English. */
  label_en: string;
  /** The label in simplified Chinese. */
  label_zh_cn: string;
  /** The label in traditional Chinese. */
  label_zh_tw: string;
}

/** What a field of a custom kind is to the machinery. */
export type CustomRole = "plain" | "title" | "number" | "business_date" | "owner" | "department";

/** The type of a field made at run time. */
export type CustomType = "text" | "long_text" | "boolean" | "integer" | "decimal" | "money" | "percent" | "date" | "instant" | "currency" | "picklist" | "reference";

/** A customer: a company or person that may buy or does. */
export interface Customer {
  /** The business number, from the numbering rule. */
  number: string | null;
  /** The name. */
  name: string;
  /** A short name for lists and documents. */
  short_name: string | null;
  /** Whether it trades already. */
  state: CustomerState;
  /** Company, person, authority, from the picklist. */
  customer_type: string | null;
  /** How it came to us. */
  source: string | null;
  /** What it does. */
  industry: string | null;
  /** Sales region. */
  region: string | null;
  /** How much it is worth to us. */
  grade: string | null;
  /** The class for price rules. */
  customer_class: string | null;
  /** Country, as addresses write it. */
  country: string | null;
  /** State or province. */
  province: string | null;
  /** City. */
  city: string | null;
  /** Street and house. */
  address: string | null;
  /** Postal code. */
  postal_code: string | null;
  /** Telephone. */
  phone: string | null;
  /** Mail address. */
  email: string | null;
  /** Web site. */
  website: string | null;
  /** Tax number or unified social credit code. */
  tax_number: string | null;
  /** The currency it trades in; the enterprise's where none stands here. */
  currency: string | null;
  /** Conditions of payment of its documents. */
  payment_term: Id | null;
  /** The salesperson. */
  owner: Id | null;
  /** The department; the owner's where none is given. */
  department: Id | null;
  /** The customer it belongs to. */
  superior: Id | null;
  /** Day of the first approved order. */
  trading_since: CalendarDate | null;
  /** The key in the system it comes from. */
  external_key: string | null;
  /** False once we no longer deal with it. */
  active: boolean;
  /** Notes. */
  notes: string | null;
}

/** A customer after an operation. */
export interface CustomerAnswer {
  /** The customer. */
  customer: Stored<Customer>;
}

/** Gives customers to another owner. The history of each tells who had it before, and why it changed. */
export interface CustomerAssign {
  /** The customers, at most 1,000. */
  customers?: Id[];
  /** The new owner. */
  owner: Id;
  /** The department they belong to from now on; the new owner's where none is given. */
  department?: Id | null;
  /** Why, for the history. */
  reason?: string | null;
}

/** What was assigned. */
export interface CustomerAssignAnswer {
  /** How many customers have another owner or department now. */
  changed: number;
}

/** Shows everything about a customer that the actor may read: its master data, its balance, and the latest records of every kind that refers to it, kinds made at run time included. */
export interface CustomerLedger {
  /** The customer. */
  customer: Id;
  /** Only these kinds; all where none is named. */
  kinds?: string[];
  /** At most so many records of each kind, the latest first; 1 to 200. */
  per_kind?: number;
}

/** Everything about a customer. */
export interface CustomerLedgerAnswer {
  /** The customer. */
  customer: Stored<Customer>;
  /** What it owes and has to its credit; empty where the actor may not read debts. */
  balances: CurrencyBalance[];
  /** One section a kind, in the order of the kinds. */
  sections: CustomerLedgerSection[];
}

/** The records of one kind. */
export interface CustomerLedgerSection<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** How many there are in all. */
  count: number;
  /** The latest of them. */
  records: RecordOf<K>[];
}

/** Shows a customer at a glance: orders, money received and owed, in all and this year, the largest order, credit. Amounts are in the enterprise's currency. What the actor may not read is left empty. */
export interface CustomerOverview {
  /** The customer. */
  customer: Id;
}

/** A customer at a glance. */
export interface CustomerOverviewAnswer {
  /** The customer. */
  customer: Id;
  /** Its number. */
  number: string | null;
  /** Its name. */
  name: string;
  /** Potential or trading. */
  state: CustomerState;
  /** The currency of the amounts. */
  currency: string;
  /** The first day of this fiscal year. */
  year_from: CalendarDate;
  /** Orders in effect, in all. */
  orders: number | null;
  /** What they come to. */
  ordered: Decimal | null;
  /** Orders in effect, this year. */
  orders_this_year: number | null;
  /** What they come to. */
  ordered_this_year: Decimal | null;
  /** The largest order. */
  largest_order: Id | null;
  /** Its number. */
  largest_order_number: string | null;
  /** What it comes to. */
  largest_order_total: Decimal | null;
  /** The day of the last order. */
  last_order_date: CalendarDate | null;
  /** Money received less refunds, in all. */
  received: Decimal | null;
  /** The same this year. */
  received_this_year: Decimal | null;
  /** What is owed. */
  owed: Decimal | null;
  /** What is owed of this year's documents. */
  owed_this_year: Decimal | null;
  /** What is past due. */
  overdue: Decimal | null;
  /** Advances. */
  advances: Decimal | null;
  /** The credit limit; none where nothing is checked. */
  credit_limit: Decimal | null;
  /** What is used of it. */
  credit_used: CreditExposure | null;
  /** Quotes. */
  quotes: number | null;
  /** Contacts. */
  contacts: number | null;
}

/** Sets by hand where a customer stands in its life. */
export interface CustomerSetState {
  /** The customer. */
  id: Id;
  /** Where it is to stand. Back to potential only as long as no order of it was approved. */
  state: CustomerState;
  /** Why, for the history. */
  reason?: string | null;
  /** The version that the caller read. */
  version?: number | null;
}

/** Where a customer stands in its life. */
export type CustomerState = "potential" | "trading";

/** One row: a line of a document, or a receipt. */
export interface CustomerTransaction {
  /** Where in the chain it stands. */
  step: TransactionStep;
  /** The document. */
  document: Id;
  /** Its number. */
  number: string | null;
  /** Its date. */
  date: CalendarDate;
  /** Its department. */
  department: Id | null;
  /** Its salesperson. */
  owner: Id | null;
  /** The line. */
  line: number | null;
  /** The product. */
  product: Id | null;
  /** What it is called there. */
  description: string | null;
  /** How much. */
  quantity: Decimal | null;
  /** What the line comes to, below zero for money that went back. */
  amount: Decimal | null;
  /** The currency. */
  currency: string;
  /** Where the document stands. */
  state: string | null;
}

/** The last document of a page. */
export interface CustomerTransactionMark {
  /** Its date. */
  date: CalendarDate;
  /** Where in the chain it stands. */
  step: TransactionStep;
  /** The document. */
  document: Id;
}

/** The last document of a page. */
export interface CustomerTransactionMarkGiven {
  /** Its date. */
  date: CalendarDate;
  /** Where in the chain it stands. */
  step: TransactionStep;
  /** The document. */
  document: Id;
}

/** Lists the dealings with a customer along the chain quote, order, delivery, invoice, receipt: line by line, the latest first. Kinds that the actor may not read are left out. */
export interface CustomerTransactions {
  /** The customer. */
  customer: Id;
  /** The first day. */
  from?: CalendarDate | null;
  /** The last day. */
  to?: CalendarDate | null;
  /** Only these steps; all where none is named. */
  steps?: string[];
  /** At most so many documents, the latest first; 1 to 1,000. */
  limit?: number;
  /** Only what comes behind the page before: its `next`. */
  after?: CustomerTransactionMark | null;
}

/** The dealings. */
export interface CustomerTransactionsAnswer {
  /** The rows, the latest first; within a day along the chain. */
  rows: CustomerTransaction[];
  /** What to give as `after` for the next page; none at the end. */
  next: CustomerTransactionMarkGiven | null;
}

/** How days are counted, and how many make a year. */
export type DayCount = "act365" | "act360" | "thirty360" | "act_act";

/** What stands before the decimals of a number. Nothing else stands between digits. */
export type DecimalMark = "point" | "comma";

/** Adds a field to a kind, declared or made at run time. */
export interface DefinitionAddField<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The name: lower-case words joined by `_`. */
  name: string;
  /** The type. */
  type: CustomType;
  /** What people read. */
  labels: Labels;
  /** True where a record without it is refused from now on. On a kind whose records are made by operations of its own it needs a default. */
  required?: boolean;
  /** The value of new records that have none. */
  default?: unknown | null;
  /** Longest text, in characters; 255 where none is given. */
  longest?: number | null;
  /** Decimals of a number, 0 to 12; 2 where none are given. */
  decimals?: number | null;
  /** The list of a picklist field. */
  list?: string | null;
  /** The kind that a reference refers to. */
  target?: string | null;
  /** What the field is to the machinery; on kinds made at run time only. */
  role?: CustomRole;
  /** True where lists by this field are to be fast. */
  indexed?: boolean;
  /** True where no two records may have the same value. */
  unique?: boolean;
  /** True where summaries, such as those that approvers are shown, leave it out. */
  sensitive?: boolean;
  /** A condition that every record has to fulfil from now on when it is written, such as `points >= 0`. */
  check?: string | null;
}

/** Makes a kind of record. */
export interface DefinitionAddKind {
  /** The name: lower-case words joined by `_`, singular. */
  name: string;
  /** What people read. */
  labels: Labels;
  /** Its fields in order, at least one. */
  fields?: DefinitionNewField[];
}

/** A definition after an operation. */
export interface DefinitionAnswer<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The kind's number. */
  kind_no: number;
  /** The numbers of the fields that were made or changed, in order. */
  fields: number[];
}

/** Changes what may change of a field made at run time: its labels, whether it is required, its default. */
export interface DefinitionChangeField<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The field's name. */
  name: string;
  /** What people read. */
  labels?: Labels | null;
  /** True where a record without it is refused from now on. */
  required?: boolean | null;
  /** The value of new records that have none; it stays where none is given here. */
  default?: unknown | null;
  /** A condition that every record has to fulfil from now on; an empty text takes it away. */
  check?: string | null;
}

/** A field of a new kind. */
export interface DefinitionNewField {
  /** The name: lower-case words joined by `_`. */
  name: string;
  /** The type. */
  type: CustomType;
  /** What people read. */
  labels: Labels;
  /** True where a record without it is refused. */
  required?: boolean;
  /** The value of new records that have none. */
  default?: unknown | null;
  /** Longest text, in characters; 255 where none is given. */
  longest?: number | null;
  /** Decimals of a number, 0 to 12; 2 where none are given. */
  decimals?: number | null;
  /** The list of a picklist field. */
  list?: string | null;
  /** The kind that a reference refers to. */
  target?: string | null;
  /** What the field is to the machinery. */
  role?: CustomRole;
  /** True where lists by this field are to be fast. */
  indexed?: boolean;
  /** True where no two records may have the same value. */
  unique?: boolean;
  /** True where summaries, such as those that approvers are shown, leave it out. */
  sensitive?: boolean;
  /** A condition that every record has to fulfil from now on when it is written, such as `points >= 0`. */
  check?: string | null;
}

/** Retires a field made at run time: what it holds stays readable, and it cannot be set any more. */
export interface DefinitionRetireField<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The field's name. */
  name: string;
}

/** What an action does to goods. */
export type DeliveryEffect = "none" | "out" | "in";

/** What the host reports of a message. */
export type DeliveryReport = "delivered" | "failed";

/** A company, branch or department: a node of the organisation's tree. */
export interface Department {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The department above; none at the top. */
  superior: Id | null;
  /** The head: approver where a step says department head. */
  head: Id | null;
  /** False once it is closed; its history stays. */
  active: boolean;
}

/** How a price came about. */
export interface Derivation {
  /** The form in which it is written; 1 where it says nothing. */
  version?: number;
  /** The strategy that chose among the rules. */
  strategy: string;
  /** The pricing date. */
  date: CalendarDate;
  /** The currency of all prices that name no other. */
  currency: string;
  /** How many were asked for. */
  quantity: Decimal;
  /** In which unit; null for none. */
  unit: Id | null;
  /** Every rule that was looked at. */
  rules: ConsideredRule[];
  /** What made the price, in order: each from where the one before left it. */
  effects: (ListPriceEffect | ConversionEffect | RuleEffect | AllocationEffect | ManualPriceEffect | FreeGoodsEffect | FreeGoodsLeftOut)[];
  /** Every rounding. */
  rounding: RoundingStep[];
  /** The list price in the unit asked for; null where there is none. */
  list_price: Exact | null;
  /** The price of one. */
  unit_price: Exact;
  /** The last change set when it was made: the rules are those of then. */
  change: number;
  /** What the rules were asked about, for `price.verify`. */
  facts: PriceFacts;
}

/** A tier of a rule. */
export interface DerivationTier {
  /** Its bound; null for one without end. */
  bound: Decimal | null;
  /** Its value. */
  value: Decimal;
  /** What is due once it is entered. */
  flat_fee?: Decimal;
}

/** How much somebody may take off: an employee, or who holds a position (ORG-08). The nearest holds, larger or smaller: an employee's own before those of his positions, and of one holder's that of the product's category before that of a category above it, and that for all products last. Of several positions the largest counts. */
export interface DiscountAuthority {
  /** Who: this employee, whatever his positions give. */
  employee: Id | null;
  /** Or who holds this position. */
  seller_position: Id | null;
  /** Only on products of this category and those below it. */
  category: Id | null;
  /** Up to so many per cent of the price that the rules give. */
  max_percent: Decimal;
  /** False while it is not given. */
  active: boolean;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** May sell below the floor price and the least margin as well. */
  below_floor: boolean;
}

/** Who may give a discount. */
export type DiscountRoute = "auto" | "needs" | "floor" | "nobody";

/** How the amounts of a document are calculated, in the words of the settings. */
export interface DocumentPolicy {
  /** How they are posted: half_up, half_even, exact. */
  rounding: string;
  /** Where tax is rounded: per_line, per_document. */
  tax_calculation: string;
  /** What tax is of: rounded, unrounded. */
  tax_base: string;
  /** How amounts are shared out: largest_remainder, last_absorbs, smooth. */
  allocation: string;
}

/** A debt that is due. */
export interface DueDebt {
  /** The debt. */
  receivable: Id;
  /** Who owes. */
  customer: Id;
  /** The number of the document. */
  document: string | null;
  /** What the instalment is called. */
  label: string | null;
  /** When it was due. */
  due_date: CalendarDate;
  /** Days late today; below zero while it is not due. */
  days_late: number;
  /** The currency. */
  currency: string;
  /** How much was booked. */
  amount: Decimal;
  /** How much is open. */
  open: Decimal;
}

/** Where a debt due on the very day stands. */
export type DueToday = "not_due" | "first";

/** The totals of an invoice by EN 16931. */
export interface EInvoice {
  /** The lines, in their order. */
  lines: EInvoiceLine[];
  /** Sum of the line nets (BT-106). */
  line_total: Decimal;
  /** What is taken off the whole, by effect and rate (BG-20). */
  allowances: EInvoiceAllowance[];
  /** Sum of the allowances (BT-107). */
  allowance_total: Decimal;
  /** Sum of the charges (BT-108). */
  charge_total: Decimal;
  /** The total without tax (BT-109). */
  without_tax: Decimal;
  /** The tax by rate (BG-23). */
  breakdown: EInvoiceTax[];
  /** All tax (BT-110). */
  tax: Decimal;
  /** The total with tax (BT-112). */
  with_tax: Decimal;
  /** What was paid before (BT-113). */
  paid: Decimal;
  /** What rounding adds (BT-114). */
  rounding: Decimal;
  /** What is to be paid (BT-115). */
  payable: Decimal;
}

/** An allowance on the document at one rate (BG-20). */
export interface EInvoiceAllowance {
  /** The place of the effect among those of the document, from 0. */
  effect: number;
  /** The rate of the lines, per cent (BT-96). */
  percent: Decimal;
  /** The amount (BT-92). */
  amount: Decimal;
}

/** A line of an invoice. */
export interface EInvoiceLine {
  /** Its net, without tax (BT-131). */
  net: Decimal;
  /** Its rate, per cent (BT-152). */
  percent: Decimal;
}

/** The tax of one rate (BG-23). */
export interface EInvoiceTax {
  /** Per cent (BT-119). */
  percent: Decimal;
  /** What is taxed (BT-116). */
  base: Decimal;
  /** The tax (BT-117). */
  tax: Decimal;
}

/** Somebody who works here and may act. */
export interface Employee {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** Where he or she works. */
  department: Id;
  /** To whom he or she reports; where none, the head of the department. */
  superior: Id | null;
  /** The kind of person (own staff, agency, outside), from the picklist. */
  person_type: string | null;
  /** The title on the card. */
  job_title: string | null;
  /** Sales region. */
  region: string | null;
  /** Mail address. */
  email: string | null;
  /** Telephone. */
  phone: string | null;
  /** False once he or she has left: no right, no approval. */
  active: boolean;
  /** Takes over open approvals once inactive. */
  successor: Id | null;
  /** The positions held. */
  positions: Line<Holding>[];
  /** Notes. */
  notes: string | null;
}

/** Sets the password of an employee: one's own by giving the old one, else by the right to reset. */
export interface EmployeeSetPassword {
  /** The employee; the actor where none is given. */
  employee?: Id | null;
  /** The password until now; needed to change one's own. */
  old?: string | null;
  /** The new password, at least eight characters. */
  new: string;
  /** The new password once more. */
  confirmed: string;
}

/** Whose password was set. */
export interface EmployeeSetPasswordAnswer {
  /** The employee. */
  employee: Id;
}

/** The enterprise: exactly one record. */
export interface Enterprise {
  /** The name. */
  name: string;
  /** The currency of its books. */
  base_currency: string;
  /** The zone of its business dates, by IANA name. */
  zone: string;
  /** How posted amounts are rounded. */
  rounding: Rounding;
  /** True once amounts were posted exactly and no longer are: what follows from documents of that time keeps its four decimals. */
  posted_exactly: boolean;
}

/** The enterprise after its policies changed. */
export interface EnterpriseAnswer {
  /** The enterprise. */
  enterprise: Stored<Enterprise>;
}

/** Changes the policies of the enterprise: how amounts of new documents are rounded, and, as long as no record holds an amount, the currency of its books. */
export interface EnterpriseSetPolicy {
  /** How posted amounts are rounded. Amounts that stand stay as they are. */
  rounding?: Rounding | null;
  /** The currency of the books. */
  base_currency?: string | null;
  /** The version that the caller read. */
  version?: number | null;
}

/** Sets up a new database: the enterprise, its first department, an administrator position with every right and its first holder. Open to everybody, once. */
export interface EnterpriseSetup {
  /** The name of the enterprise. */
  name: string;
  /** The currency of its books. */
  base_currency: string;
  /** The zone of its business dates, by IANA name. */
  zone?: string;
  /** How posted amounts are rounded. */
  rounding?: Rounding;
  /** The name of the administrator. */
  administrator: string;
}

/** What was made. */
export interface EnterpriseSetupAnswer {
  /** The enterprise. */
  enterprise: Id;
  /** The first department. */
  department: Id;
  /** The position with every right. */
  position: Id;
  /** Its first holder: the actor of the sessions to come. */
  administrator: Id;
}

/** An exchange rate from a date on, until the next one. */
export interface ExchangeRate {
  /** The currency that is converted. */
  from_currency: string;
  /** The currency it becomes. */
  to_currency: string;
  /** The first day on which it holds. */
  valid_from: CalendarDate;
  /** How many of `to_currency` one of `from_currency` is; above zero. */
  rate: Decimal;
}

/** Effects that exclude one another. All are of one stage. */
export interface ExclusionGroup {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** Which effects stay. */
  comparator: Comparator;
  /** The other group, where groups are compared or one suppresses another. */
  against: Id | null;
  /** What becomes of effects that are worth the same. */
  last: TieBreak;
}

/** Goods of an execution: a part of a line of the order. */
export interface ExecutionLine {
  /** The line of the order. */
  order_line: number;
  /** The product. */
  product: Id;
  /** How much, in the line's unit. */
  quantity: Decimal;
  /** The unit. */
  unit: Id | null;
}

/** What is to be done for an approved order, and what of it is done. Making it anew keeps the old one. */
export interface ExecutionPlan {
  /** The order. */
  order: Id;
  /** Its customer. */
  customer: Id;
  /** 1, 2, ...: the latest is the one that counts. */
  revision: number;
  /** Whether it counts. */
  state: PlanState;
  /** The payment term that it was made from. */
  payment_term: Id | null;
  /** The pattern that it was made from. */
  template: Id | null;
  /** The currency of its amounts. */
  currency: string;
  /** What its receipts come to. */
  total: Decimal;
  /** Who made it. */
  made_by: Id | null;
  /** When. */
  made_at: Instant;
  /** Why it was made anew. */
  reason: string | null;
  /** The steps. A step keeps its number in later plans of the order. */
  steps: Line<PlanStep>[];
}

/** What was done for an order, when and by whom. */
export interface ExecutionRecord {
  /** The order. */
  order: Id;
  /** Its customer. */
  customer: Id;
  /** The plan; none where it was done without one. */
  plan: Id | null;
  /** The step of the plan. */
  step: number | null;
  /** What was done. */
  action: Id;
  /** The day. */
  date: CalendarDate;
  /** The currency of the amount. */
  currency: string;
  /** How much money, of a receipt, a refund or an invoice. */
  amount: Decimal | null;
  /** The invoice that was issued. */
  invoice: Id | null;
  /** The receipt that was recorded. */
  receipt: Id | null;
  /** Who did it. */
  executed_by: Id | null;
  /** When it was recorded. */
  recorded_at: Instant;
  /** Notes. */
  notes: string | null;
  /** The goods. */
  lines: Line<ExecutionLine>[];
  /** What the customer gets for goods that came back: their share of what their lines came to, less free goods that stay with him and are charged. */
  returned_amount: Decimal | null;
}

/** What a change made of a field. */
export interface FieldChange {
  /** The field. */
  field: string;
  /** Its value before; null where it had none. */
  old: Json;
  /** Its value after; null where it has none. */
  new: Json;
}

/** A field of a kind. */
export interface FieldDescription {
  /** Its number, which never changes. */
  no: number;
  /** Its name in requests, answers and expressions. */
  name: string;
  /** What people read, in the caller's language. */
  label: string;
  /** What it is, in English. */
  description: string;
  /** Its type; further members are those of the type. */
  type: "boolean" | "integer" | "money" | "decimal" | "text" | "choice" | "picklist" | "currency" | "date" | "instant" | "reference" | "json" | "lines";
  /** A record without it is refused. */
  required: boolean;
  /** It is set by operations only. */
  managed: boolean;
  /** For `lines`, and for a `reference` to one kind: that kind. */
  to?: string | null;
  /** For `picklist`: the list. */
  picklist?: string;
  /** For `decimal` and `money`: digits in all. */
  digits?: number;
  /** For `decimal` and `money`: decimals among them. */
  decimals?: number;
  /** For `text`: how many characters at most. */
  longest?: number;
  /** For `choice`: what can be chosen. */
  options?: OptionDescription[];
}

/** A field that differs. */
export interface FieldDifference {
  /** Its name. */
  field: string;
  /** Its value before. */
  from: Json | null;
  /** Its value after. */
  to: Json | null;
}

/** What came of a firing. */
export type FiringOutcome = "written" | "no_recipient" | "not_permitted" | "failed";

/** How free goods are counted for a quantity. */
export type FreeCount = "prorata" | "unit_reference" | "whole_unit";

/** Free goods that come with a quantity. Quantities are in `unit`. */
export interface FreeGoods {
  /** The rule. */
  rule: Id;
  /** What is free. */
  product: Id;
  /** How many are free. */
  free: Decimal;
  /** How many of what was asked for are charged. */
  charged: Decimal;
  /** How many are delivered in all, where it is the product itself. */
  delivered: Decimal;
  /** The unit; none is the product's. */
  unit: Id | null;
}

/** Why a line is free. */
export interface FreeGoodsDerivation {
  /** A rule gives it. */
  source: "free_goods";
  /** The rule. */
  rule: Id;
  /** What people call it. */
  code: string;
  /** The number of the line that it comes with. */
  of: number;
  /** True where it is part of what was asked for of that line. */
  included: boolean;
  /** It is given in multiples of this. */
  step: Decimal;
  /** So many are free ... */
  value: Decimal;
  /** ... for every so many that are charged; 0 where that is not known. */
  per: Decimal;
  /** What becomes of it when that line comes back. */
  returns: FreeReturns;
}

/** Free goods that come with the line: an effect that changes no price. */
export interface FreeGoodsEffect {
  /** The stage of their rule. */
  stage: "promotion";
  /** The rule. */
  rule: Id;
  /** What people call it. */
  code: string;
  /** What its value does. */
  method: "free_goods";
  /** Its value. */
  value: Decimal;
  /** What is free. */
  product: Id;
  /** In which unit; null for the product's. */
  unit: Id | null;
  /** How many. */
  free: Decimal;
}

/** Free goods that would have come with the line. */
export interface FreeGoodsLeftOut {
  /** They were left out. */
  stage: "free_goods_left_out";
  /** The rule that gives them. */
  rule: Id;
  /** What people call it. */
  code: string;
  /** What it gives. */
  product: Id;
  /** How many. */
  free: Decimal;
  /** Why not: the product is no longer sold, or deleted. */
  reason: "retired" | "gone";
}

/** What becomes of free goods that are not earned any more because what they came with comes back (commerce.md 2.7). */
export type FreeReturns = "claw_back" | "charge" | "keep";

/** Why more or less of a service is granted. */
export type GrantCause = "sold" | "delivered" | "cancelled";

/** One change set as far as it changed the record. */
export interface HistoryEntry {
  /** The change set: the record's version after it. */
  change: number;
  /** When. */
  at: Instant;
  /** The employee who did it; none before anybody was signed in. */
  actor: Id | null;
  /** On whose behalf. */
  on_behalf: Id | null;
  /** The operation. */
  operation: string;
  /** Why. */
  reason: string | null;
  /** `created`, `updated`, `deleted` or `restored`. */
  action: string;
  /** Fields: `{field, old, new}`. */
  fields: FieldChange[];
  /** Lines: `{field, line, action, fields}` and `{field, action: "reordered", order}`. */
  lines: (LineHistory | LinesReordered)[];
}

/** A position held by an employee. */
export interface Holding {
  /** The position. */
  holds: Id;
  /** The department from which its scopes are measured; else the position's, else the employee's. */
  department: Id | null;
}

/** What became of the rows of a chunk. */
export interface ImportAnswer {
  /** The import; none in a preview. */
  import: Id | null;
  /** Rows or documents seen. */
  seen: number;
  /** Records made, or operations done. */
  created: number;
  /** Records changed. */
  updated: number;
  /** Rows left out by the mapping, or without a difference. */
  skipped: number;
  /** Rows refused. */
  rejected: number;
  /** Why, for the first thousand: `{file, row, column, key, class, code, message, details}`. Rows are counted as in the file, from the header, which is row 1; `document_row` is that of the document where the fault stands in a line of it. */
  problems: RowProblem[];
}

/** A column. */
export interface ImportColumn {
  /** Its name in the header. */
  column: string;
  /** Its name in expressions; where there is none the header's in snake case, or `column_3`, by place, where that is no name for a column: `id` and `row` have a meaning of their own, others do not begin with a letter. */
  name?: string | null;
  /** Its type. */
  type?: ColumnType;
  /** How a date is written, by the usual `%` letters; ISO 8601 where there is none. The year has four digits (`%Y`). A date may be cut from a date with time. */
  format?: string | null;
  /** True where blanks at the ends do not belong to the value. */
  trim?: boolean;
}

/** How a field is filled. */
export interface ImportField {
  /** The field of the kind or request; `/` names a field inside another (`address/city`). */
  field: string;
  /** An expression over the columns; `row` is the number of the row within its document, from 1. */
  value?: string | null;
  /** A fixed value. */
  constant?: unknown | null;
  /** From the file's value to the field's: an object of texts. A value that is not listed is refused. */
  map?: { [name: string]: string } | null;
  /** The value is the key of another record. */
  reference?: ImportReference | null;
  /** An option that the picklist does not have yet is added to it. */
  add_option?: boolean;
}

/** A file with its text. */
export interface ImportFile {
  /** The name that the mapping uses. */
  file: string;
  /** The text: CSV as RFC 4180 writes it, with the separator of the mapping, header first. */
  text: string;
  /** Where the rows were taken from a larger file: the row of each of them there, for reports. */
  rows?: number[];
}

/** An operation that follows on a row. */
export interface ImportFollow {
  /** Only where this condition over the row's columns holds. */
  when?: string | null;
  /** The operation. */
  operation: string;
  /** Its request; `id_text` in expressions is the id of the record that the row became. */
  fields?: ImportField[];
}

/** Imports historic documents, by operations that bring history: their own right, their own shorter list of rules. Each document counts as approved and says so in its history. */
export interface ImportHistory {
  /** The mapping. */
  mapping: ImportMapping;
  /** The files of this chunk. */
  files?: ImportFile[];
  /** The import that this chunk belongs to; a new one where there is none. */
  import?: Id | null;
  /** Whether one bad row undoes the others. */
  keep?: Keep;
}

/** Lines of a document. */
export interface ImportLines {
  /** The field that holds them. */
  field?: string;
  /** The file; the document's own where there is none (then `group` joins the rows). */
  file?: string | null;
  /** What stands between the cells of that file; as in the document's where nothing is said. */
  separator?: Separator | null;
  /** What stands before the decimals of its numbers; as in the document's where nothing is said. */
  decimal?: DecimalMark | null;
  /** In the document's file: the value that lines name. */
  document?: string | null;
  /** In the lines' file: the value of their document. */
  of?: string | null;
  /** The order of lines, by expressions over their columns; as in the file where there is none. */
  order?: string[];
  /** Types, names and formats of the lines' columns. */
  columns?: ImportColumn[];
  /** Lines for which this condition holds are left out and counted. */
  skip?: string | null;
  /** Lines for which a condition holds are refused with its reason; the document keeps the others. */
  reject?: ImportReject[];
  /** The fields. */
  fields?: ImportField[];
}

/** How the rows of a file become records of a kind, or requests of an operation. */
export interface ImportMapping<K extends AnyKind = string> {
  /** A name for reports and the change log. */
  name: string;
  /** The file. */
  file: string;
  /** What stands between the cells of the file. */
  separator?: Separator;
  /** What stands before the decimals of its numbers. */
  decimal?: DecimalMark;
  /** The kind of record that a row is; found again by `key`, else made. Either this or `operation`. */
  kind?: K | null;
  /** The operation that a row is a request of. */
  operation?: string | null;
  /** The field that names a record of the kind. */
  key?: string;
  /** What is done with records that exist. */
  mode?: Mode;
  /** Types, names and formats of columns; a column not listed is text under its own name in snake case. */
  columns?: ImportColumn[];
  /** Rows for which this condition holds are left out and counted. */
  skip?: string | null;
  /** Rows for which a condition holds are refused with its reason. */
  reject?: ImportReject[];
  /** The order in which rows are taken, by expressions over the columns; as in the file where there is none. */
  order?: string[];
  /** Rows with the same value belong to one document; its fields are read from the first of them. */
  group?: string | null;
  /** The fields. */
  fields?: ImportField[];
  /** Lines of a document. */
  lines?: ImportLines | null;
  /** Operations that follow on each row, in order; `id` is what the row's operation answered. */
  then?: ImportFollow[];
}

/** Does everything that `import.run` would do, or `import.history` with its right, and keeps nothing. */
export interface ImportPreview {
  /** The mapping. */
  mapping: ImportMapping;
  /** The files, or the first rows of them. */
  files?: ImportFile[];
  /** True where the operations bring history; this needs the right of `import.history` as well. */
  history?: boolean;
}

/** A record named by a key. */
export interface ImportReference<K extends AnyKind = string> {
  /** Its kind. */
  kind: K;
  /** The field that holds the key. */
  by?: string;
}

/** A reason to refuse a row. */
export interface ImportReject {
  /** The condition. */
  when: string;
  /** What the report says. */
  reason: string;
}

/** An import: what came, what was kept, what was refused (SYS-04). */
export interface ImportRun {
  /** The name of the mapping. */
  name: string;
  /** When it began. */
  started: Instant;
  /** By whom. */
  owner: Id | null;
  /** Rows or documents seen. */
  seen: number;
  /** Records made. */
  created: number;
  /** Records changed. */
  updated: number;
  /** Rows left out by the mapping, or without a difference. */
  skipped: number;
  /** Rows refused. */
  rejected: number;
  /** True where it brought historic documents. */
  history: boolean;
}

/** Imports rows. A large file is given in chunks, each with its header, under one import. */
export interface ImportRunRequest {
  /** The mapping. */
  mapping: ImportMapping;
  /** The files of this chunk. */
  files?: ImportFile[];
  /** The import that this chunk belongs to; a new one where there is none. */
  import?: Id | null;
  /** Whether one bad row undoes the others. */
  keep?: Keep;
}

/** A price that an import brought. */
export interface ImportedPrice {
  /** An import. */
  source: "import";
}

/** The interest with how it came about. */
export interface InterestAnswer {
  /** The currency. */
  currency: string;
  /** From when it was counted. */
  from: CalendarDate;
  /** Until when. */
  until: CalendarDate;
  /** What is still owed of the principal. */
  outstanding: Decimal;
  /** The stretches between payments. */
  segments: InterestSegment[];
  /** The interest, rounded once. */
  interest: Decimal;
  /** The fee. */
  fee: Decimal;
  /** Interest and fee. */
  charges: Decimal;
  /** With what is owed of the principal. */
  total: Decimal;
}

/** Counts the interest and fee on a late debt: of a receivable, with what was paid on it, or of given figures. Nothing is booked. */
export interface InterestCompute {
  /** The debt; otherwise principal and due date are given. */
  receivable?: Id | null;
  /** The debt's amount. */
  principal?: Decimal | null;
  /** When it was due. */
  due_date?: CalendarDate | null;
  /** The currency; the enterprise's where none is given. */
  currency?: string | null;
  /** Per cent a year. */
  rate_percent: Decimal;
  /** How days are counted. */
  day_count?: DayCount;
  /** Until when; today where none is given. */
  as_of?: CalendarDate | null;
  /** What was paid on the principal. */
  payments?: InterestPayment[];
  /** Days after the due date without interest. */
  grace_days?: number;
  /** At most so much interest. */
  cap?: Decimal | null;
  /** A fee beside it. */
  fee?: Decimal | null;
}

/** A payment on the principal. */
export interface InterestPayment {
  /** When. */
  date: CalendarDate;
  /** How much. */
  amount: Decimal;
}

/** A stretch between payments. */
export interface InterestSegment {
  /** Its first day. */
  from: CalendarDate;
  /** The day of the next change. */
  until: CalendarDate;
  /** Its days, as they are counted. */
  days: number;
  /** The debt. */
  on: Decimal;
  /** The interest at six decimals. */
  interest: Decimal;
}

/** What was billed to a customer. */
export interface Invoice {
  /** The invoice's number. */
  number: string | null;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** Who is billed. */
  customer: Id;
  /** The order that it bills. */
  order: Id | null;
  /** Whose business it is. */
  owner: Id | null;
  /** The department it belongs to. */
  department: Id | null;
  /** Its currency. */
  currency: string;
  /** How many of the enterprise's currency one of its currency is. */
  rate: Decimal;
  /** Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. */
  inverse_rate: Decimal | null;
  /** Its date. */
  date: CalendarDate;
  /** Invoice or credit note. */
  doc_type: InvoiceType;
  /** Entered here or brought from another system. */
  origin: Origin;
  /** When what is due: the payment term. */
  payment_term: Id | null;
  /** Sum of the lines before any discount. */
  gross: Decimal;
  /** Sum of the line discounts. */
  discount: Decimal;
  /** Sum of the lines' nets. */
  net: Decimal;
  /** The lines' shares of the order's discount on the whole. */
  document_discount: Decimal;
  /** Its share of the order's freight. */
  freight: Decimal;
  /** Its share of the order's other charges. */
  other_charges: Decimal;
  /** The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`. */
  charges_taxes: TaxPartShape[] | null;
  /** Tax, that on its shares of the charges included. */
  tax: Decimal;
  /** What the customer owes for it. */
  total: Decimal;
  /** True where its debts were booked with the order already: it makes none of its own. */
  booked_with_order: boolean;
  /** Notes. */
  notes: string | null;
  /** When it became known here. */
  recorded_at: Instant;
  /** The lines. */
  lines: Line<InvoiceLine>[];
}

/** An invoice with the debts that it made. */
export interface InvoiceAnswer {
  /** The invoice. */
  invoice: Stored<Invoice>;
  /** Its instalments; none where they were booked with the order. */
  receivables: Stored<Receivable>[];
}

/** Brings an invoice of another system: it bills an imported order that is in effect, held or not, all of it that is not billed yet. Orders entered here are billed by `invoice.issue`. */
export interface InvoiceImport {
  /** The order. */
  order: Id;
  /** The date of the invoice; the order's where none is given. */
  date?: CalendarDate | null;
  /** Days from that date until it is due. */
  due_days?: number | null;
  /** The day on which it is due, in place of days. */
  due_date?: CalendarDate | null;
  /** Its key in the system that it comes from. */
  external_key?: string | null;
  /** The number; the numbering rule gives one where there is none. */
  number?: string | null;
  /** The rate to the enterprise's currency; the order's on its day, else that of the invoice's date, where none is given. */
  rate?: Decimal | null;
}

/** Bills an approved order, in whole or in part. Amounts are those of the order: whatever the parts, they add up. */
export interface InvoiceIssue {
  /** The order. */
  order: Id;
  /** The date of the invoice; today where none is given. */
  date?: CalendarDate | null;
  /** Which lines, how much of each; everything not yet invoiced where none is given. */
  lines?: InvoiceIssueLine[];
  /** When what is due; as the order says where none is given. */
  payment_term?: Id | null;
  /** The day on which all of it is due, in place of a term. */
  due_date?: CalendarDate | null;
  /** The number; the numbering rule gives one where there is none. */
  number?: string | null;
  /** Its key in another system. */
  external_key?: string | null;
  /** Notes. */
  notes?: string | null;
  /** True where advances that came for the order settle it at once. */
  use_advances?: boolean;
}

/** A part of a line of an order. */
export interface InvoiceIssueLine {
  /** The number of the order's line. */
  line: number;
  /** How much, in the line's unit. */
  quantity: Decimal;
}

/** One line of an invoice: a part of a line of the order. */
export interface InvoiceLine {
  /** The line of the order. */
  order_line: number | null;
  /** The product. */
  product: Id;
  /** What the customer reads. */
  description: string | null;
  /** How much, in the unit. */
  quantity: Decimal;
  /** The unit. */
  unit: Id | null;
  /** The price of one unit before the line's discount. */
  unit_price: Decimal;
  /** The line's discount, in per cent. */
  discount_percent: Decimal;
  /** The part of the order line's gross. */
  gross: Decimal;
  /** Gross less net. */
  discount: Decimal;
  /** The part of the order line's net. */
  net: Decimal;
  /** The part of its share of the discount on the whole. */
  document_discount: Decimal;
  /** The tax. */
  tax: Id | null;
  /** Its rate. */
  tax_percent: Decimal;
  /** Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line. */
  tax_parts: TaxPartShape[] | null;
  /** The part of the tax. */
  tax_amount: Decimal;
  /** With discounts and tax. */
  total: Decimal;
}

/** Tells the taxes of an invoice: each with what it is on, as they were billed; or all its totals as an electronic invoice by EN 16931 has them. The customer owes the same either way. */
export interface InvoiceTaxes {
  /** The invoice. */
  invoice: Id;
  /** True for the totals of an electronic invoice too: refused where a line has several taxes. */
  en16931?: boolean;
  /** What was paid of it before, told by the electronic invoice. */
  paid?: Decimal | null;
}

/** The taxes of an invoice. */
export interface InvoiceTaxesAnswer {
  /** The currency of the amounts. */
  currency: string;
  /** Each tax, in the order in which it first stands there. */
  taxes: PriceDocumentTax[];
  /** All tax. */
  tax: Decimal;
  /** What the customer owes for the invoice. */
  total: Decimal;
  /** The totals of an electronic invoice, where they were asked for. What they add up to and what is owed differ by `rounding`, where tax was rounded on every line or the order is billed in parts. */
  e_invoice: EInvoice | null;
}

/** What sort of document it is. */
export type InvoiceType = "invoice" | "credit_note";

/** Whether one bad row undoes the others. */
export type Keep = "per_row" | "atomic";

/** Labels in three languages. */
export interface Labels {
  /** In English. */
  en: string;
  /** In simplified Chinese. */
  zh_cn: string;
  /** In traditional Chinese. */
  zh_tw: string;
}

/** How a holder is checked. */
export type LimitMode = "no_check" | "prepay_only" | "checked";

/** Whose limits are listed. */
export type LimitsOf = "all" | "customers" | "employees";

/** What became of a line. */
export type LineChange = "added" | "removed" | "changed";

/** A line that differs. */
export interface LineDifference {
  /** Its number. */
  line: number;
  /** What became of it. */
  change: LineChange;
  /** The fields that differ; of a line that was added or removed those that it has. */
  fields: FieldDifference[];
}

/** What a rule takes off a line together with others. */
export interface LineEffect {
  /** The rule. */
  rule: Id;
  /** What people call it. */
  code: string;
  /** Per cent of every line. */
  percent?: Exact;
  /** An amount off all its lines together. */
  value?: Decimal;
  /** True where the amount is off this line alone. */
  each?: boolean;
  /** Of the rule's lines those with the same are judged together. */
  group?: string;
  /** Per cents are of what the effects before left, else of the line nets. */
  running: boolean;
  /** The larger, the earlier. */
  priority: number | null;
  /** What that is on the line. */
  amount: Decimal;
  /** The exclusion group that leaves it out: it takes nothing off. */
  excluded_by?: string;
  /** The last resort of its exclusion group, where that named it among equals. */
  decided_by?: "oldest" | "newest";
}

/** What a change made of a line. */
export interface LineHistory {
  /** The field whose line it is. */
  field: string;
  /** The line's number. */
  line: number;
  /** What became of it. */
  action: "added" | "changed" | "removed";
  /** The fields that changed. */
  fields: FieldChange[];
}

/** A change of the order of lines. */
export interface LinesReordered {
  /** The field whose lines they are. */
  field: string;
  /** They stand in another order. */
  action: "reordered";
  /** Their numbers as they stand now. */
  order: number[];
}

/** A bound behind which more costs less. */
export interface LintCliff {
  /** The product. */
  product?: Id;
  /** The category. */
  category?: Id;
  /** The customer. */
  customer?: Id;
  /** The customer's class. */
  customer_class?: string;
  /** The customer's region. */
  region?: string;
  /** The seller's positions. */
  positions?: Id[];
  /** The price list that is named. */
  list?: Id;
  /** Rules whose condition holds. */
  conditions?: Id[];
  /** The day. */
  date?: CalendarDate;
  /** The bound, as the question asks for it. */
  quantity?: Decimal;
  /** What rules count instead of it. */
  measured?: LintMeasured[];
  /** The currency. */
  currency?: string;
  /** The quantity that costs less. */
  bound: Decimal;
  /** What one less costs, or the nearest quantity before. */
  before: Exact;
  /** What the bound costs. */
  behind: Exact;
  /** From this quantity on, the bound costs less. */
  dear_from: Decimal;
}

/** What a rule counts instead of the quantity. */
export interface LintMeasured {
  /** The rule. */
  rule: Id;
  /** What it counts. */
  measured: Decimal;
}

/** A question that shows a fault. What does not matter is left out. */
export interface LintQuestion {
  /** The product. */
  product?: Id;
  /** The category. */
  category?: Id;
  /** The customer. */
  customer?: Id;
  /** The customer's class. */
  customer_class?: string;
  /** The customer's region. */
  region?: string;
  /** The seller's positions. */
  positions?: Id[];
  /** The price list that is named. */
  list?: Id;
  /** Rules whose condition holds. */
  conditions?: Id[];
  /** The day. */
  date?: CalendarDate;
  /** How many. */
  quantity: Decimal;
  /** What rules count instead of it. */
  measured?: LintMeasured[];
  /** The currency. */
  currency: string;
  /** For `floor` and `negative`: the price. */
  price?: Decimal;
  /** For `floor`: what it falls below. */
  floor?: Decimal;
}

/** What the product itself says. */
export interface ListPriceEffect {
  /** The list price. */
  stage: "list";
  /** Its currency. */
  currency: string;
  /** The price. */
  price: Exact;
}

/** When the prices of a list are looked at. */
export type ListUsage = "named" | "always";

/** A price set by hand over the one that the rules gave. */
export interface ManualPriceEffect {
  /** By hand. */
  stage: "manual";
  /** The price that it replaced; `0` where there was none. */
  base: Decimal;
  /** The same, exactly. */
  exact: Exact;
  /** The price that was set. */
  price: Decimal;
  /** The difference. */
  share: Decimal;
  /** The employee who set it. */
  by: Id;
  /** Why. */
  reason: string;
}

/** Measures. */
export type MeasureKind = "count" | "count_of" | "count_distinct" | "sum" | "min" | "max" | "average";

/** Where a message stands. */
export type MessageState = "pending" | "delivered" | "failed";

/** What is done with records that exist. */
export type Mode = "create" | "update" | "both";

/** What an action does to money. */
export type MoneyEffect = "none" | "receive" | "refund";

/** A line as it is asked for. */
export interface NewLine {
  /** The product; one that is still sold. */
  product: Id;
  /** How much, in the unit; above zero. */
  quantity: Decimal;
  /** The unit; the product's where none is given. */
  unit?: Id | null;
  /** What the customer reads; the product's name where none is given. */
  description?: string | null;
  /** A price of one unit set by hand: needs the right to and a reason. Without it the price rules decide. */
  unit_price?: Decimal | null;
  /** Why the price is set by hand. */
  price_reason?: string | null;
  /** The line's discount, in per cent. */
  discount_percent?: Decimal | null;
  /** The tax; the product's where none is given. */
  tax?: Id | null;
}

/** When a counter starts again at 1. */
export type NumberReset = "none" | "year" | "month" | "day" | "department";

/** Shows the number that the next record of a kind would get; takes nothing. */
export interface NumberingPreview<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The business date of the record; today where none is given. */
  date?: CalendarDate | null;
  /** The department of the record, where the pattern shows it. */
  department?: Id | null;
  /** A pattern to try in place of the rule's; its counter is shown as 1. */
  pattern?: string | null;
}

/** The next number. */
export interface NumberingPreviewAnswer {
  /** The number. */
  number: string;
  /** The pattern that made it. */
  pattern: string;
  /** Its counter. */
  counter: number;
  /** What chose the counter: the year, the month, the department; empty where it never starts again. */
  reset_key: string;
}

/** How the records of a kind are numbered. */
export interface NumberingRule {
  /** The kind's name; one rule a kind. */
  kind: string;
  /** How a number looks: text and the tokens `{YYYY}`, `{YY}`, `{MM}`, `{DD}`, `{department}` (its code) and one counter `{#n}` of at least `n` digits. */
  pattern: string;
  /** When the counter starts again at 1. */
  reset: NumberReset;
  /** True where a number goes back when the operation that took it fails; false where it is lost then. */
  gapless: boolean;
  /** A number given before or elsewhere: the counter that it shows goes on above it. Never lowers a counter. */
  last_used: string | null;
}

/** A product of an offer. */
export interface OfferedProduct {
  /** The product. */
  product: Id;
}

/** What happens at a step for which nobody is found. */
export type OnEmpty = "skip" | "fallback" | "hold";

/** A price list that is open. */
export interface OpenList {
  /** The list. */
  list: Id;
  /** How closely it speaks of the buyer. */
  axes: number;
  /** True for a list of a sale. */
  sale?: boolean;
  /** The list on which it builds. */
  base?: Id;
  /** What it says of a product hides what that list says. */
  shadows?: boolean;
}

/** What was recorded. */
export interface OpeningAnswer {
  /** The debts. */
  receivables: Stored<Receivable>[];
  /** The advance, where there was one. */
  receipt: Stored<Receipt> | null;
  /** Debts less advance. */
  balance: Decimal;
  /** The currency. */
  currency: string;
}

/** A debt from before. */
export interface OpeningItem {
  /** The number of the document. */
  number: string;
  /** Its date; the due date where none is given. */
  date?: CalendarDate | null;
  /** When it was due. */
  due_date: CalendarDate;
  /** What was open of it; below zero for a credit note. */
  amount: Decimal;
}

/** Records what a customer owes and has prepaid when the system begins. Each debt keeps its own due date, so ageing and dunning go on where they were. */
export interface OpeningRecord {
  /** The customer. */
  customer: Id;
  /** The day on which the system begins: everything here was before it. */
  cutover: CalendarDate;
  /** The currency; the customer's or the enterprise's where none is given. */
  currency?: string | null;
  /** The debts that were open. */
  items?: OpeningItem[];
  /** What the customer had prepaid; above zero. */
  unallocated?: Decimal | null;
}

/** What can be chosen. */
export interface OptionDescription {
  /** The code. */
  code: string;
  /** What people read, in the caller's language. */
  label: string;
}

/** A sales order. It takes effect only when it is approved. */
export interface Order {
  /** The order's number. */
  number: string | null;
  /** Who orders. */
  customer: Id;
  /** The person to talk to. */
  contact: Id | null;
  /** Whose order it is. */
  owner: Id;
  /** The department it belongs to. */
  department: Id;
  /** Its currency. */
  currency: string;
  /** How many of the enterprise's currency one of its currency is, on its date. */
  rate: Decimal;
  /** Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. */
  inverse_rate: Decimal | null;
  /** Its date: prices and taxes are those of that day. */
  date: CalendarDate;
  /** Where it stands. */
  state: OrderState;
  /** Order or credit note. */
  doc_type: OrderType;
  /** Entered here or brought from another system. */
  origin: Origin;
  /** The state it had in the system that it came from. */
  source_status: string | null;
  /** The quote that it follows from. */
  quote: Id | null;
  /** The version of the quote. */
  quote_version: Id | null;
  /** When what is due: the payment term. */
  payment_term: Id | null;
  /** When the customer wants it. */
  required_date: CalendarDate | null;
  /** When the last of it was shipped. */
  shipped_date: CalendarDate | null;
  /** The customer's own order number. */
  customer_reference: string | null;
  /** Delivery: to whom. */
  delivery_name: string | null;
  /** Delivery: street and house. */
  delivery_address: string | null;
  /** Delivery: place. */
  delivery_city: string | null;
  /** Delivery: region or state. */
  delivery_region: string | null;
  /** Delivery: postal code. */
  delivery_postal_code: string | null;
  /** Delivery: country. */
  delivery_country: string | null;
  /** By whom it is carried. */
  carrier: string | null;
  /** The price list chosen for it. */
  price_list: Id | null;
  /** True where the unit prices hold the tax already. */
  prices_include_tax: boolean;
  /** Discount on the whole, in per cent. */
  document_discount_percent: Decimal | null;
  /** Discount on the whole, as an amount. */
  document_discount_amount: Decimal | null;
  /** Freight. */
  freight: Decimal;
  /** Other charges. */
  other_charges: Decimal;
  /** Terms in words. */
  terms: string | null;
  /** Notes. */
  notes: string | null;
  /** Sum of the lines before any discount. */
  gross: Decimal;
  /** Sum of the line discounts. */
  discount: Decimal;
  /** Sum of the lines' nets. */
  net: Decimal;
  /** The discount on the whole. */
  document_discount: Decimal;
  /** Tax. */
  tax: Decimal;
  /** What the customer pays. */
  total: Decimal;
  /** Who put it forward for approval. */
  submitter: Id | null;
  /** When. */
  submitted_at: Instant | null;
  /** How it was approved. */
  approval: ApprovalWay | null;
  /** Who approved it, where one person did. */
  approver: Id | null;
  /** When it was approved. */
  approved_at: Instant | null;
  /** Why it is held or was cancelled. */
  state_reason: string | null;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** The tax on freight and other charges. */
  charges_tax: Id | null;
  /** The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`. */
  charges_taxes: TaxPartShape[] | null;
  /** How its amounts are posted, taxed and shared out: what the enterprise decided when they were last calculated. What follows from it goes by that. None where an older library made it: then what holds now. */
  policy: DocumentPolicy | null;
  /** On whose behalf it was put forward. */
  submitted_for: Id | null;
  /** For a credit note: the order that it corrects, of which it may give back charges. */
  corrects: Id | null;
  /** The lines. */
  lines: Line<OrderLine>[];
}

/** Adds a line to a draft and prices it. */
export interface OrderAddLine {
  /** The order. */
  order: Id;
  /** The version that the caller read. */
  version?: number | null;
  /** The product; one that is still sold. */
  product: Id;
  /** How much, in the unit; above zero. */
  quantity: Decimal;
  /** The unit; the product's where none is given. */
  unit?: Id | null;
  /** What the customer reads; the product's name where none is given. */
  description?: string | null;
  /** A price of one unit set by hand: needs the right to and a reason. Without it the price rules decide. */
  unit_price?: Decimal | null;
  /** Why the price is set by hand. */
  price_reason?: string | null;
  /** The line's discount, in per cent. */
  discount_percent?: Decimal | null;
  /** The tax; the product's where none is given. */
  tax?: Id | null;
}

/** The order as it stands then. */
export interface OrderAnswer {
  /** The order. */
  order: Stored<Order>;
}

/** Approves a submitted order, where no definition applies. Not by who submitted it or on whose behalf, unless the enterprise allows that. */
export interface OrderApprove {
  /** The order. */
  order: Id;
  /** The version that the caller read. */
  version?: number | null;
  /** What is said with it. */
  comment?: string | null;
}

/** Cancels an order of which nothing was delivered or invoiced. What it took of a quote can be ordered again. */
export interface OrderCancel {
  /** The order. */
  order: Id;
  /** The version that the caller read. */
  version?: number | null;
  /** Why. */
  reason: string;
}

/** Changes the head of a draft: contact, owner, department, date, delivery, discount on the whole, charges, terms, notes and fields made at run time. Prices stay; taxes follow the date. */
export interface OrderChange {
  /** The order. */
  order: Id;
  /** The version that the caller read. */
  version?: number | null;
  /** New values by field name; null empties a field. */
  values: Values<"order">;
}

/** Changes a line of a draft: quantity, unit, price, discount, tax, description, and fields made at run time. A new quantity or unit prices the line anew, unless its price was set by hand; so does a discount that comes or goes where the strategy has a level for it. Of a line that follows from a quote only quantity and description change; the quantity is taken from the quote or given back at once. */
export interface OrderChangeLine {
  /** The order. */
  order: Id;
  /** The version that the caller read. */
  version?: number | null;
  /** The line's number. */
  line: number;
  /** New values by field name; null empties a field. A `unit_price` is a price set by hand. */
  values: Values<"order_line">;
  /** Why the price is set by hand. */
  price_reason?: string | null;
}

/** Makes an order, a draft, and prices its lines. */
export interface OrderCreate {
  /** Who orders. */
  customer: Id;
  /** The person to talk to. */
  contact?: Id | null;
  /** Whose order it is; the actor where nobody is named. */
  owner?: Id | null;
  /** The department it belongs to; the owner's where none is named. */
  department?: Id | null;
  /** The currency; the customer's, else the enterprise's. */
  currency?: string | null;
  /** Its date: prices and taxes are those of that day; today where none is given. */
  date?: CalendarDate | null;
  /** When the customer wants it. */
  required_date?: CalendarDate | null;
  /** The payment term; the customer's where none is given. */
  payment_term?: Id | null;
  /** The customer's own order number. */
  customer_reference?: string | null;
  /** Delivery: to whom. */
  delivery_name?: string | null;
  /** Delivery: street and house. */
  delivery_address?: string | null;
  /** Delivery: place. */
  delivery_city?: string | null;
  /** Delivery: region or state. */
  delivery_region?: string | null;
  /** Delivery: postal code. */
  delivery_postal_code?: string | null;
  /** Delivery: country. */
  delivery_country?: string | null;
  /** By whom it is carried. */
  carrier?: string | null;
  /** The price list chosen for it. */
  price_list?: Id | null;
  /** True where the unit prices hold the tax already; as the enterprise has set where it is not given. */
  prices_include_tax?: boolean | null;
  /** Discount on the whole, in per cent. */
  document_discount_percent?: Decimal | null;
  /** Discount on the whole, as an amount. */
  document_discount_amount?: Decimal | null;
  /** Freight. */
  freight?: Decimal | null;
  /** Other charges. */
  other_charges?: Decimal | null;
  /** The tax on freight and other charges. */
  charges_tax?: Id | null;
  /** Terms in words. */
  terms?: string | null;
  /** Notes. */
  notes?: string | null;
  /** Its key in the system that it came from: the same order is not entered twice. */
  external_key?: string | null;
  /** Why prices are set by hand, for lines that do not say it themselves. */
  price_reason?: string | null;
  /** The lines. */
  lines?: NewLine[];
}

/** Makes an order of an accepted quote: all that is not yet ordered of it, or the quantities named. Prices, discounts and their derivation come along as they were frozen, and so do per cents that rules took off lines together; freight, other charges, amounts off the whole and free goods in proportion. */
export interface OrderFromQuote {
  /** The quote. */
  quote: Id;
  /** What is ordered of it; all that is left where nothing is named. */
  lines?: QuotePart[];
  /** The order's date: today where none is given. */
  date?: CalendarDate | null;
  /** When the customer wants it. */
  required_date?: CalendarDate | null;
  /** The customer's own order number. */
  customer_reference?: string | null;
  /** Notes. */
  notes?: string | null;
  /** Its key in the system that it came from: the same order is not entered twice. */
  external_key?: string | null;
}

/** Holds an approved order: nothing more is planned, delivered or invoiced until it is released. */
export interface OrderHold {
  /** The order. */
  order: Id;
  /** Why. */
  reason: string;
}

/** Brings an order of another system as it was there. Retired products, cancelled orders that were delivered and credit notes are legal here; bringing it counts as its approval. */
export interface OrderImport {
  /** The number it had; one of its own where there is none. */
  number?: string | null;
  /** Who ordered. */
  customer: Id;
  /** The person to talk to. */
  contact?: Id | null;
  /** Whose order it is; the actor where nobody is named. */
  owner?: Id | null;
  /** The department; the owner's where none is named. */
  department?: Id | null;
  /** Its currency; the customer's, else the enterprise's, where none is given. */
  currency?: string | null;
  /** The rate to the enterprise's currency; that of its date where none is given. */
  rate?: Decimal | null;
  /** Its date. */
  date: CalendarDate;
  /** Where it stands, mapped from the source's status. */
  state: OrderState;
  /** Order or credit note. */
  doc_type?: OrderType;
  /** The source's own status. */
  source_status?: string | null;
  /** The payment term. */
  payment_term?: Id | null;
  /** When the customer wanted it. */
  required_date?: CalendarDate | null;
  /** When the last of it was shipped. */
  shipped_date?: CalendarDate | null;
  /** The customer's own order number. */
  customer_reference?: string | null;
  /** Delivery: to whom. */
  delivery_name?: string | null;
  /** Delivery: street and house. */
  delivery_address?: string | null;
  /** Delivery: place. */
  delivery_city?: string | null;
  /** Delivery: region or state. */
  delivery_region?: string | null;
  /** Delivery: postal code. */
  delivery_postal_code?: string | null;
  /** Delivery: country. */
  delivery_country?: string | null;
  /** By whom it was carried. */
  carrier?: string | null;
  /** True where the unit prices held the tax already. */
  prices_include_tax?: boolean;
  /** Discount on the whole, in per cent. */
  document_discount_percent?: Decimal | null;
  /** Discount on the whole, as an amount. */
  document_discount_amount?: Decimal | null;
  /** For a credit note: the order that it corrects. What was billed there of freight and other charges may be given back, as amounts below zero, with the taxes that were billed on it. */
  corrects?: Id | null;
  /** Freight; below zero on a credit note only. */
  freight?: Decimal;
  /** Other charges, likewise. */
  other_charges?: Decimal;
  /** The tax on freight and other charges. */
  charges_tax?: Id | null;
  /** Terms in words. */
  terms?: string | null;
  /** Notes. */
  notes?: string | null;
  /** Its key there: the same order is not brought twice. */
  external_key?: string | null;
  /** The total it had there, where it is to be checked. */
  total?: Decimal | null;
  /** The lines. */
  lines?: OrderImportLine[];
}

/** A line as another system had it. */
export interface OrderImportLine {
  /** The product; it may be retired. */
  product: Id;
  /** What the customer read. */
  description?: string | null;
  /** How much; below zero on a credit note only. */
  quantity: Decimal;
  /** The unit. */
  unit?: Id | null;
  /** The price of one unit. */
  unit_price: Decimal;
  /** The list price of one unit. */
  list_price?: Decimal | null;
  /** What one unit cost the enterprise. */
  unit_cost?: Decimal | null;
  /** The line's discount, in per cent. */
  discount_percent?: Decimal;
  /** The net it had there, where that is what counts: the price becomes the exact one that gives it. */
  net?: Decimal | null;
  /** The tax. */
  tax?: Id | null;
  /** The tax in per cent, where no tax is named or it was another rate. */
  tax_percent?: Decimal | null;
  /** How much was delivered; all of a fulfilled order where it is not given. */
  delivered?: Decimal | null;
  /** How much was invoiced; all of a fulfilled order where it is not given. */
  invoiced?: Decimal | null;
  /** How much came back. */
  returned?: Decimal | null;
}

/** One line of an order. */
export interface OrderLine {
  /** The product. */
  product: Id;
  /** What the customer reads; the product's name where nothing else was said. */
  description: string | null;
  /** How much, in the unit. */
  quantity: Decimal;
  /** The unit. */
  unit: Id | null;
  /** The price of one unit before the line's discount. */
  unit_price: Decimal;
  /** The exact price where six decimals do not say it all: `62/6`. */
  exact_price: string | null;
  /** The list price of one unit. */
  list_price: Decimal | null;
  /** What one unit cost the enterprise when the line was priced, in the document's currency; none where nobody knows. */
  unit_cost: Decimal | null;
  /** The line's discount, in per cent. */
  discount_percent: Decimal;
  /** Quantity × unit price, posted. */
  gross: Decimal;
  /** Gross less net. */
  discount: Decimal;
  /** Quantity × unit price × (1 − discount), posted once. */
  net: Decimal;
  /** Quantity × unit cost, posted. The net less this is the line's margin. */
  cost: Decimal | null;
  /** The line's share of the discount on the whole. */
  document_discount: Decimal;
  /** What rules take off it together with other lines: each with the rule, its per cent or amount, and the line's share. */
  document_effects: LineEffect[] | null;
  /** For free goods, which follow another line: the number of that line. */
  free_of: number | null;
  /** The tax. */
  tax: Id | null;
  /** Its rate on the order's date. */
  tax_percent: Decimal;
  /** Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line. */
  tax_parts: TaxPartShape[] | null;
  /** The tax of the line. */
  tax_amount: Decimal;
  /** The line with discounts and tax. */
  total: Decimal;
  /** The price rule that made the price. */
  price_rule: Id | null;
  /** How the price came about. */
  derivation: Derivation | PriceByHand | ImportedPrice | FreeGoodsDerivation | null;
  /** Who set the price by hand, where somebody did. */
  manual_price_by: Id | null;
  /** Why. */
  manual_price_reason: string | null;
  /** The price that it replaced. */
  replaced_price: Decimal | null;
  /** The line of the quote's version that it follows from. */
  quote_line: number | null;
  /** How much was delivered. */
  delivered: Decimal;
  /** How much was invoiced. */
  invoiced: Decimal;
  /** How much came back. */
  returned: Decimal;
}

/** Gives a submitted order back, where no definition applies: it is a draft again. */
export interface OrderReject {
  /** The order. */
  order: Id;
  /** Why. */
  reason: string;
}

/** Releases an order that was held: it goes on. */
export interface OrderRelease {
  /** The order. */
  order: Id;
  /** What is said with it. */
  reason?: string | null;
}

/** Takes a line out of a draft; what it took of a quote is given back. Its number is not used again. */
export interface OrderRemoveLine {
  /** The order. */
  order: Id;
  /** The version that the caller read. */
  version?: number | null;
  /** The line's number. */
  line: number;
}

/** Where an order stands. */
export type OrderState = "draft" | "submitted" | "approved" | "held" | "fulfilled" | "cancelled";

/** Puts an order forward for approval: a draft that stands, or a new one with all its fields, made and submitted at once. The published definition that applies decides; where none does, somebody with the right to approves it. Where the enterprise asks for no approval, submitting approves, and that is recorded. */
export interface OrderSubmit {
  /** The draft; none where the request holds a new order. */
  order?: Id | null;
  /** The version of the draft that the caller read. */
  version?: number | null;
  /** Who orders, for a new order. */
  customer?: Id | null;
  /** The person to talk to. */
  contact?: Id | null;
  /** Whose order it is; the actor where nobody is named. */
  owner?: Id | null;
  /** The department it belongs to; the owner's where none is named. */
  department?: Id | null;
  /** The currency; the customer's, else the enterprise's. */
  currency?: string | null;
  /** Its date: prices and taxes are those of that day; today where none is given. */
  date?: CalendarDate | null;
  /** When the customer wants it. */
  required_date?: CalendarDate | null;
  /** The payment term; the customer's where none is given. */
  payment_term?: Id | null;
  /** The customer's own order number. */
  customer_reference?: string | null;
  /** Delivery: to whom. */
  delivery_name?: string | null;
  /** Delivery: street and house. */
  delivery_address?: string | null;
  /** Delivery: place. */
  delivery_city?: string | null;
  /** Delivery: region or state. */
  delivery_region?: string | null;
  /** Delivery: postal code. */
  delivery_postal_code?: string | null;
  /** Delivery: country. */
  delivery_country?: string | null;
  /** By whom it is carried. */
  carrier?: string | null;
  /** The price list chosen for it. */
  price_list?: Id | null;
  /** True where the unit prices hold the tax already; as the enterprise has set where it is not given. */
  prices_include_tax?: boolean | null;
  /** Discount on the whole, in per cent. */
  document_discount_percent?: Decimal | null;
  /** Discount on the whole, as an amount. */
  document_discount_amount?: Decimal | null;
  /** Freight. */
  freight?: Decimal | null;
  /** Other charges. */
  other_charges?: Decimal | null;
  /** The tax on freight and other charges. */
  charges_tax?: Id | null;
  /** Terms in words. */
  terms?: string | null;
  /** Notes. */
  notes?: string | null;
  /** Its key in the system that it came from: the same order is not entered twice. */
  external_key?: string | null;
  /** Why prices are set by hand, for lines that do not say it themselves. */
  price_reason?: string | null;
  /** The lines. */
  lines?: NewLine[];
}

/** Traces an order back to the quote it follows from, or a quote to the orders that follow from it: line by line, with what was quoted, ordered, delivered, invoiced and returned. */
export interface OrderTrace {
  /** The order; or else the quote. */
  order?: Id | null;
  /** The quote; or else the order. */
  quote?: Id | null;
}

/** The links. */
export interface OrderTraceAnswer {
  /** One for every pair of lines; a quoted line of which nothing is ordered and an order line without a quote stand alone. */
  links: TraceLink[];
}

/** Shows what was ordered, delivered, invoiced and received, and what is open: of an order line by line, or of a customer's orders. */
export interface OrderTracking {
  /** The order; or else the customer. */
  order?: Id | null;
  /** The customer, with all orders in effect. */
  customer?: Id | null;
  /** Only orders of which something is open. */
  open_only?: boolean;
  /** At most so many orders, the latest first; 1 to 500. */
  limit?: number;
}

/** What became of orders. */
export interface OrderTrackingAnswer {
  /** The orders, the latest first. */
  orders: TrackedOrder[];
  /** True where there are more. */
  more: boolean;
}

/** What sort of document it is. */
export type OrderType = "order" | "credit_note";

/** Takes an order back from approval, where no definition runs on it; a running approval is withdrawn by `approval.withdraw`. */
export interface OrderWithdraw {
  /** The order. */
  order: Id;
}

/** Where a document comes from. */
export type Origin = "entered" | "import";

/** Reports what became of a message: delivered, or failed with a note. The same report twice changes nothing. */
export interface OutboxAcknowledge {
  /** The message. */
  message: Id;
  /** What became of it. */
  state: DeliveryReport;
  /** What the host has to say. */
  note?: string | null;
  /** The message's version that the caller read; refused where it is another one. */
  version?: number | null;
}

/** A message. */
export interface OutboxAcknowledgeAnswer {
  /** The message. */
  message: Stored<OutboxMessage>;
}

/** Messages of the outbox, the oldest first: what waits for delivery, unless another state is asked for. */
export interface OutboxList {
  /** Messages in this state. */
  state?: MessageState;
  /** At most so many, 1 to 1,000. */
  limit?: number;
  /** Only messages behind this one: the `next` of the page before. */
  after?: Id | null;
}

/** A page of the outbox. */
export interface OutboxListAnswer {
  /** The messages. */
  messages: Stored<OutboxMessage>[];
  /** What to give as `after` for the next page; none at the end. */
  next: Id | null;
}

/** A message that waits for the host to deliver it. The engine knows no channel. */
export interface OutboxMessage {
  /** The employee it is for. */
  recipient: Id | null;
  /** The kind of the record it is for, where that is no employee: `customer`, `contact`, ... */
  contact_kind: string | null;
  /** The record it is for, where that is no employee. */
  contact: Id | null;
  /** The mail address of the recipient when the message was written, where one is known. */
  address: string | null;
  /** The language it is written in. */
  language: string;
  /** The subject. */
  subject: string;
  /** The text. */
  body: string;
  /** The kind of the record it is about, by name. */
  kind: string;
  /** The record it is about. */
  about: Id;
  /** The rule that wrote it. */
  rule: Id | null;
  /** The day for which it was due. */
  due: CalendarDate | null;
  /** The dunning level. */
  level: number | null;
  /** True where it was written after that day. */
  late: boolean;
  /** Where it stands. */
  state: MessageState;
  /** What the host says of its delivery. */
  note: string | null;
  /** When it was written. */
  written_at: Instant;
  /** When the host reported. */
  settled_at: Instant | null;
}

/** Conditions of payment. */
export interface PaymentTerm {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** What becomes of the smallest units that rounding leaves over. */
  method: SplitMethod;
  /** The currency of fixed amounts, where there are any. */
  currency: string | null;
  /** The calendar of working days; the default one where none is named. */
  calendar: Id | null;
  /** The instalments, in order. */
  lines: Line<TermLine>[];
  /** False once it is no longer offered. */
  active: boolean;
}

/** Shows into which instalments an amount falls under a payment term, and when each is due. */
export interface PaymentTermPreview {
  /** The term. */
  term: Id;
  /** The amount, posted by the enterprise's rounding policy before it is split. */
  total: Decimal;
  /** Its currency; the enterprise's where none is given. */
  currency?: string | null;
  /** The date from which due dates are counted; today where none is given. */
  date?: CalendarDate | null;
}

/** The instalments. */
export interface PaymentTermPreviewAnswer {
  /** The currency of the amounts. */
  currency: string;
  /** In the order of the term's lines; they add up to the total. */
  instalments: PaymentTermPreviewLine[];
}

/** One instalment. */
export interface PaymentTermPreviewLine {
  /** What it is called. */
  label: string | null;
  /** The day on which it is due. */
  due: CalendarDate;
  /** The amount. */
  amount: Decimal;
}

/** Calendar periods. */
export type PeriodBy = "day" | "week" | "month" | "quarter" | "year";

/** One option of a list that the enterprise edits. */
export interface PicklistValue {
  /** The list, such as `region`. */
  list: string;
  /** What is stored: it never changes, whatever the names become. */
  code: string;
  /** The name in English. */
  name_en: string;
  /** The name in simplified Chinese. */
  name_zh_cn: string;
  /** The name in traditional Chinese. */
  name_zh_tw: string;
  /** Where it stands among the others, ascending. */
  sort_order: number;
  /** True once it can no longer be chosen. */
  retired: boolean;
}

/** The date from which due dates are counted. */
export type PlanAnchor = "order_date" | "required_date" | "plan_date";

/** A plan. */
export interface PlanAnswer {
  /** The plan. */
  plan: Stored<ExecutionPlan>;
}

/** Executes a step of an order's plan, or an action, in whole or in part: what the action does to goods, invoice and money is done with it. Never more than is planned, never more than was ordered. */
export interface PlanExecute {
  /** The order. */
  order: Id;
  /** The number of the step; or else the action. */
  step?: number | null;
  /** The action: its first open step, or without a plan the action itself. */
  action?: Id | null;
  /** The day; today where none is given. */
  date?: CalendarDate | null;
  /** Which goods, how much; everything that the step still plans where none is given. */
  lines?: InvoiceIssueLine[];
  /** How much money; everything that the step still plans, or without a plan the order has still to receive, where nothing is given. With goods that come back, what the customer gets for them and those that came back before. */
  amount?: Decimal | null;
  /** How it was paid, from the picklist. */
  method?: string | null;
  /** When an invoice is due, where the payment term is not to say it. */
  due_date?: CalendarDate | null;
  /** Its key in another system, for a receipt or an invoice. */
  external_key?: string | null;
  /** Notes. */
  notes?: string | null;
}

/** What was done. */
export interface PlanExecuteAnswer {
  /** The record of it. */
  execution: Stored<ExecutionRecord>;
  /** The plan as it stands; none where there is no plan. */
  plan: Stored<ExecutionPlan> | null;
  /** The invoice that was issued. */
  invoice: Stored<Invoice> | null;
  /** The receipt that was recorded. */
  receipt: Stored<Receipt> | null;
}

/** Makes the execution plan of an approved order: a receipt for every instalment of its payment term, and the steps of a pattern. */
export interface PlanMake {
  /** The order. */
  order: Id;
  /** The pattern. */
  template?: Id | null;
  /** The payment term; the order's where none is given. */
  payment_term?: Id | null;
}

/** Makes a plan anew. Steps that are done or have begun stay as they are; the old plan is kept. Open receipts share what is left by what they were, or come from another payment term. */
export interface PlanReplan {
  /** The order. */
  order: Id;
  /** The version of the plan that was read; refused where another stands. */
  version?: number | null;
  /** What its receipts come to; the order's total where nothing is given. */
  total?: Decimal | null;
  /** Another payment term: open receipts are dropped for its instalments. */
  payment_term?: Id | null;
  /** Another pattern: open steps other than receipts are dropped for its own. */
  template?: Id | null;
  /** Changes of open steps. */
  changes?: PlanStepChange[];
  /** Why. */
  reason?: string | null;
}

/** Whether a plan counts. */
export type PlanState = "active" | "superseded";

/** Shows what is planned for an order against what is done, with what is overdue. */
export interface PlanStatus {
  /** The order. */
  order: Id;
  /** The day; today where none is given. */
  as_of?: CalendarDate | null;
}

/** Planned against done. */
export interface PlanStatusAnswer {
  /** The plan. */
  plan: Id;
  /** Which revision it is. */
  revision: number;
  /** The day. */
  as_of: CalendarDate;
  /** The currency. */
  currency: string;
  /** What its receipts come to. */
  planned: Decimal;
  /** What of them has come. */
  done: Decimal;
  /** What is still to come. */
  open: Decimal;
  /** What of that is overdue. */
  overdue: Decimal;
  /** The steps by due date. */
  steps: PlanStepStatus[];
}

/** One step of a plan. */
export interface PlanStep {
  /** What is done. */
  action: Id;
  /** What the step is called. */
  label: string | null;
  /** When it is due. */
  due_date: CalendarDate;
  /** How much money; for receipts, refunds and invoices. */
  amount: Decimal | null;
  /** Which share of every line of the order, in per cent; for goods and invoices. */
  quantity_percent: Decimal | null;
  /** Where it stands. */
  state: StepState;
  /** How much of the amount is done. */
  done_amount: Decimal;
  /** How much of the quantities is done, in per cent of what is planned. */
  done_percent: Decimal;
  /** The day of the last execution. */
  done_on: CalendarDate | null;
}

/** A change of an open step. */
export interface PlanStepChange {
  /** The number of the step. */
  step: number;
  /** When it is due now. */
  due_date?: CalendarDate | null;
  /** What it comes to now; the others share the rest. */
  amount?: Decimal | null;
  /** True where it is not done any more. */
  drop?: boolean;
}

/** One step. */
export interface PlanStepStatus {
  /** Its number. */
  step: number;
  /** What is done. */
  action: Id;
  /** The action's code. */
  action_code: string;
  /** What the step is called; the action's name where it has none. */
  label: string;
  /** When it is due. */
  due_date: CalendarDate;
  /** Where it stands. */
  state: StepState;
  /** How much money is planned. */
  planned_amount: Decimal | null;
  /** How much of it is done. */
  done_amount: Decimal | null;
  /** How much of it is open. */
  open_amount: Decimal | null;
  /** Which share of the goods is planned, in per cent of the order. */
  planned_percent: Decimal | null;
  /** How much of that share is done, in per cent. */
  done_percent: Decimal | null;
  /** The day of the last execution. */
  done_on: CalendarDate | null;
  /** True where it is not done and the due date has passed. */
  overdue: boolean;
  /** Days past the due date, where it is overdue. */
  days_late: number;
}

/** A pattern of execution plans. */
export interface PlanTemplate {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** What is done, and when. */
  steps: Line<PlanTemplateStep>[];
  /** False once it is no longer used. */
  active: boolean;
}

/** One step of a pattern. */
export interface PlanTemplateStep {
  /** What is done. */
  action: Id;
  /** What the step is called. */
  label: string | null;
  /** The date from which the due date is counted. */
  anchor: PlanAnchor;
  /** When it is due, counted from the anchor: steps as in payment terms, such as `+30 days`. */
  due: string;
  /** Its share of the goods or the money, in per cent; all of it where none is given. */
  percent: Decimal | null;
}

/** A position: a bundle of rights that employees hold. */
export interface Position {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The department from which its scopes are measured, where the holding names none. */
  department: Id | null;
  /** What its holders may do. */
  rights: Line<PositionRight>[];
}

/** One right of a position. */
export interface PositionRight {
  /** The kind of record, or the area's word where an operation needs one (`import`, `report`); `*` for all. */
  kind: string;
  /** The verb (`read`, `create`, `update`, `delete`, `export`, `submit`, `approve`, ...); `*` for all. */
  verb: string;
  /** How far it reaches. */
  scope: Scope;
}

/** What a product costs a customer, as `price.get` gives it, without the story of how it came about: for lists of many products. Nothing is written. */
export interface PriceAmount {
  /** The product; it has to be sold still. */
  product: Id;
  /** How many, in `unit`. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** Who buys; none is anybody. */
  customer?: Id | null;
  /** Who sells; none is the actor. */
  seller?: Id | null;
  /** The pricing date; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the price list's, else the customer's, else the enterprise's. */
  currency?: string | null;
  /** The price list; none is whatever lists hold for everybody. */
  list?: Id | null;
}

/** A price. */
export interface PriceAmountAnswer {
  /** The currency of the amounts. */
  currency: string;
  /** The pricing date. */
  date: CalendarDate;
  /** The price of one, at six decimals. */
  unit_price: Decimal;
  /** The exact price where six decimals do not say it all, such as `62/6`. */
  exact_price: string | null;
  /** The product's list price in the same currency. */
  list_price: Decimal | null;
  /** What the quantity costs, posted. */
  amount: Decimal;
  /** The rule that makes the price; none where the list price holds. */
  rule: Id | null;
  /** Free goods that come with the quantity. */
  free_goods: FreeGoods[];
}

/** What per cents and amounts start from. */
export type PriceBase = "running" | "list" | "cost" | "base_list";

/** What a customer bought before. */
export interface PriceBought {
  /** The product. */
  product: Id;
  /** How many, in the product's unit. */
  quantity: Decimal;
  /** When. */
  date: CalendarDate;
}

/** A quantity or a day from which on one costs less. */
export interface PriceBreak {
  /** How many. */
  quantity: Decimal;
  /** When. */
  date: CalendarDate;
  /** What one costs then. */
  unit_price: Decimal;
  /** What the quantity costs then. */
  amount: Decimal;
  /** What rules take off a document then that holds nothing else. */
  document_discount: Decimal;
  /** What one costs after that. */
  net_unit_price: Decimal;
  /** Less than what is asked for costs now: more for less. */
  costs_less: boolean;
  /** The rule that makes the price. */
  rule: Id | null;
  /** Free goods that come with the quantity. */
  free_goods: FreeGoods[];
}

/** A bundle in which a product is worth less. */
export interface PriceBreakBundle {
  /** The bundle. */
  bundle: Id;
  /** What one bundle costs. */
  amount: Decimal;
  /** How many of the product are in one, in its own unit. */
  quantity: Decimal;
  /** What one of the product is worth in it, in the unit asked for. */
  unit_price: Decimal;
}

/** What a bundle costs, and what each of its parts is worth of that: in proportion to what the parts cost alone, and adding up to the whole. */
export interface PriceBundle {
  /** The product; it has to be sold still. */
  product: Id;
  /** How many, in `unit`. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** Who buys; none is anybody. */
  customer?: Id | null;
  /** Who sells; none is the actor. */
  seller?: Id | null;
  /** The pricing date; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the price list's, else the customer's, else the enterprise's. */
  currency?: string | null;
  /** The price list; none is whatever lists hold for everybody. */
  list?: Id | null;
}

/** What a bundle and its parts are worth. */
export interface PriceBundleAnswer {
  /** The currency of the amounts. */
  currency: string;
  /** What the bundles cost, posted. */
  amount: Decimal;
  /** What the parts would cost alone. */
  alone: Decimal;
  /** The parts. */
  parts: PriceBundlePart[];
}

/** A part of a bundle. */
export interface PriceBundlePart {
  /** The product. */
  product: Id;
  /** How many there are in what was asked for, in its own unit. */
  quantity: Decimal;
  /** What they cost alone. */
  alone: Decimal;
  /** Their share of what the bundles cost. */
  share: Decimal;
}

/** A price set by hand where the rules gave none. */
export interface PriceByHand {
  /** Who set it, and what else became of the line. */
  effects: (ManualPriceEffect | FreeGoodsLeftOut)[];
}

/** What lines cost together, and why: the price of each, effects of rules on all of them with the share of every line, free goods, taxes and totals, without a document being made. */
export interface PriceDocument {
  /** Who buys; none is anybody. */
  customer?: Id | null;
  /** Who sells; none is the actor. */
  seller?: Id | null;
  /** The pricing date; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the price list's, else the customer's, else the enterprise's. */
  currency?: string | null;
  /** The price list; none is whatever lists hold for everybody. */
  list?: Id | null;
  /** Whether prices include tax; none is as the enterprise says. */
  include_tax?: boolean | null;
  /** The lines, at most 1,000. */
  lines?: PriceDocumentLine[];
  /** Discount on the whole, behind the effects of rules, in per cent. */
  document_discount_percent?: Decimal | null;
  /** The same as an amount. */
  document_discount_amount?: Decimal | null;
  /** Freight. */
  freight?: Decimal | null;
  /** Other charges. */
  other_charges?: Decimal | null;
  /** The tax on freight and other charges. */
  charges_tax?: Id | null;
  /** What is to be paid is rounded to a multiple of this. */
  cash_step?: Decimal | null;
  /** How totals are made: as the enterprise has set, or so that an electronic invoice takes them as they are. */
  profile?: TotalsProfile;
  /** What was paid before, told by an electronic invoice. */
  paid?: Decimal | null;
  /** What the customer bought before, for rules that count a rolling period; at most 10,000. */
  bought?: PriceBought[];
}

/** What lines cost together. */
export interface PriceDocumentAnswer {
  /** The currency of the amounts. */
  currency: string;
  /** The pricing date. */
  date: CalendarDate;
  /** The lines, in their order. */
  lines: PricedDocumentLine[];
  /** The effects of rules on lines together. */
  effects: PriceDocumentEffect[];
  /** Sum of the lines before any discount. */
  gross: Decimal;
  /** Sum of the line discounts. */
  discount: Decimal;
  /** Sum of the lines' nets. */
  net: Decimal;
  /** All that is taken off the whole. */
  document_discount: Decimal;
  /** Freight and other charges. */
  charges: Decimal;
  /** The tax by rate. */
  taxes: PriceDocumentTax[];
  /** All tax. */
  tax: Decimal;
  /** With discounts, charges and tax. */
  total: Decimal;
  /** What rounding for cash adds. */
  cash_rounding: Decimal;
  /** What is to be paid. */
  payable: Decimal;
  /** The totals as an electronic invoice names them, where they were asked for. */
  e_invoice: EInvoice | null;
}

/** An effect on lines together. */
export interface PriceDocumentEffect {
  /** The rule; none for the discount that was asked for. */
  rule: Id | null;
  /** What people call it. */
  code: string | null;
  /** Per cent of the lines that it is for, rounded where no decimals say it; none where it is an amount. */
  percent: Decimal | null;
  /** What it takes off in all. */
  amount: Decimal;
  /** What it takes off each line that it is for. */
  shares: PriceDocumentShare[];
  /** The exclusion group that leaves it out; it takes nothing off then. */
  excluded_by: string | null;
  /** The last resort of its exclusion group, where that named it among equals. */
  decided_by: TieBreak | null;
}

/** One line. */
export interface PriceDocumentLine {
  /** The product; it has to be sold still. */
  product: Id;
  /** How many, in `unit`. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** The seller's discount, in per cent. */
  discount_percent?: Decimal | null;
}

/** What an effect takes off a line. */
export interface PriceDocumentShare {
  /** The place of the line, from 0. */
  line: number;
  /** The amount. */
  amount: Decimal;
}

/** One tax at one rate. */
export interface PriceDocumentTax {
  /** Which; none where only its rate is known. */
  of: Id | null;
  /** Per cent. */
  percent: Decimal;
  /** What is taxed. */
  base: Decimal;
  /** The tax. */
  tax: Decimal;
}

/** What price rules are asked about. What is none or nothing is left out. */
export interface PriceFacts {
  /** The product. */
  product: Id;
  /** The one of which it is a variant. */
  template?: Id;
  /** Its category and those above. */
  categories?: Id[];
  /** The customer. */
  customer?: Id;
  /** The customer's class. */
  class?: string;
  /** The seller. */
  seller?: Id;
  /** The seller's positions. */
  positions?: Id[];
  /** The price list that was named. */
  list?: Id;
  /** Price lists that are open. */
  lists?: OpenList[];
  /** The quantity in each unit that rules ask for; `0` is the product's own. */
  quantities: ([unit: string, quantity: Decimal])[];
  /** How many of the product's unit one of a unit is, where quantities are rounded. */
  ratios?: ([unit: string, ratio: Exact])[];
  /** The quantity in the unit asked for. */
  asked: Decimal;
  /** The same for the unit asked for. */
  ratio?: Exact;
  /** By rule, what its bounds and tiers look at where that is not the quantity: of all that is counted together, of the line, and of documents before. */
  measured?: ([rule: Id, whole: Decimal, own: Decimal, before?: Decimal])[];
  /** The list price of one in the product's unit. */
  base?: Exact;
  /** The rules whose condition holds. */
  conditions?: Id[];
  /** True where the seller gives a discount on the line. */
  manual?: boolean;
  /** The line's parts of what rules make of several lines together. */
  allocated?: ([rule: Id, amount: Decimal])[];
}

/** What a product costs a customer, and why: the rule that makes the price, every rule that was looked at with the reason why it was taken or not, every effect and every rounding. Nothing is written. */
export interface PriceGet {
  /** The product; it has to be sold still. */
  product: Id;
  /** How many, in `unit`. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** Who buys; none is anybody. */
  customer?: Id | null;
  /** Who sells; none is the actor. */
  seller?: Id | null;
  /** The pricing date; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the price list's, else the customer's, else the enterprise's. */
  currency?: string | null;
  /** The price list; none is whatever lists hold for everybody. */
  list?: Id | null;
}

/** A price and how it came about. */
export interface PriceGetAnswer {
  /** The currency of the amounts. */
  currency: string;
  /** The pricing date. */
  date: CalendarDate;
  /** The price of one, at six decimals. */
  unit_price: Decimal;
  /** The exact price where six decimals do not say it all, such as `62/6`. */
  exact_price: string | null;
  /** The product's list price in the same currency. */
  list_price: Decimal | null;
  /** What the quantity costs, posted. */
  amount: Decimal;
  /** The rule that makes the price; none where the list price holds. */
  rule: Id | null;
  /** The price of one without special price lists, at six decimals; the price itself where none of them makes it. */
  original_price: Decimal;
  /** Free goods that come with the quantity. */
  free_goods: FreeGoods[];
  /** How it came about. */
  derivation: Derivation;
  /** The SHA-256 of its canonical bytes, for `price.verify`. */
  hash: string;
}

/** What a price is asked for: the record that the conditions of price rules are about. It is made for each question and never stored. */
export interface PriceInquiry {
  /** The product. */
  product: Id;
  /** How many, in `unit`. */
  quantity: Decimal;
  /** The unit of the quantity; none is the product's. */
  unit: Id | null;
  /** Who buys. */
  customer: Id | null;
  /** Who sells. */
  seller: Id | null;
  /** The pricing date. */
  date: CalendarDate;
  /** The currency of the price. */
  currency: string;
  /** The price list that was named. */
  list: Id | null;
  /** The list price of one, in the currency of the price. */
  list_price: Decimal | null;
  /** What the line comes to where the rule asks, in the currency of the price: at the list price for a rule of the first stage; for one of a later stage at the price that the first made where it starts from that (`list`), else at what the stages before left; for one on lines together its net, behind the seller's discount. */
  amount: Decimal | null;
  /** What the quantity weighs, in kilograms. */
  weight: Decimal | null;
  /** What room the quantity takes, in cubic metres. */
  volume: Decimal | null;
}

/** Looks the active price rules through: rules that the strategy cannot tell apart, effects whose order nothing says, rules that never make a price, rules that together fall below a floor or below zero, bounds behind which more costs less, products without any price. Each fault comes with a question that shows it. */
export interface PriceLint {
  /** The strategy; none is the enterprise's. */
  strategy?: string | null;
  /** At most so many faults, from 1 to 1000. */
  limit?: number;
}

/** What was found. */
export interface PriceLintAnswer {
  /** The strategy by which rules were judged. */
  strategy: string;
  /** True where everything was looked at and is told: then nothing is wrong beside the faults. Faults of rules that the actor may not read are not told. */
  complete: boolean;
  /** The faults. */
  faults: PriceLintFault[];
}

/** A fault of a rule set. */
export interface PriceLintFault {
  /** `ambiguous`, `possible_tie` (only equal prices would make it one), `dead`, `floor` (the price falls below it), `negative` (the price would be below zero), `cliff` or `gap`. */
  fault: string;
  /** The rules. */
  rules: Id[];
  /** What people call them. */
  codes: string[];
  /** The question that shows it: `product`, `category`, `customer`, `customer_class`, `region`, `positions`, `list` (the one that is named), `conditions` (rules whose condition holds), `date`, `quantity`, `measured` (what rules count instead of it), `currency`; for a floor the `price` and the `floor` too; for a price below zero the `price`; for a cliff `bound`, `before`, `behind`, `dear_from`. What does not matter is left out. */
  witness: LintQuestion | LintCliff;
}

/** A price list: prices of one currency for a class of customers, a region or whoever is given it. */
export interface PriceList {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The currency of its prices. */
  currency: string;
  /** Whether it holds for everybody whom it fits, or only where a document names it. */
  usage: ListUsage;
  /** Only for customers of this class. */
  customer_class: string | null;
  /** Only for customers of this region. */
  region: string | null;
  /** The first day on which it holds; none is since ever. */
  valid_from: CalendarDate | null;
  /** The last day on which it holds; none is for ever. */
  valid_until: CalendarDate | null;
  /** False while it is not used. */
  active: boolean;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** Notes. */
  notes: string | null;
  /** Its prices are special ones: the price that would hold without such lists is told beside them. */
  sale: boolean;
  /** The list on which this one builds. */
  base_list: Id | null;
  /** What becomes of the rules of that list. */
  base_rules: BaseRules;
}

/** How much may be taken off the price of a product: at most within the authority of who sells, the least margin and the floor price, and at least so much that what is left fits the credit of customer and salesperson. It is judged as an order of the product alone would be, with what rules take off the document. Nothing is taken. */
export interface PriceMaxDiscount {
  /** A discount that somebody wants, in per cent: the answer says who may give it. */
  wanted_percent?: Decimal | null;
  /** The product; it has to be sold still. */
  product: Id;
  /** How many, in `unit`. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** Who buys; none is anybody. */
  customer?: Id | null;
  /** Who sells; none is the actor. */
  seller?: Id | null;
  /** The pricing date; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the price list's, else the customer's, else the enterprise's. */
  currency?: string | null;
  /** The price list; none is whatever lists hold for everybody. */
  list?: Id | null;
}

/** How much may be taken off. */
export interface PriceMaxDiscountAnswer {
  /** The currency of the prices. */
  currency: string;
  /** What one costs by the rules. */
  unit_price: Decimal;
  /** The largest discount, in per cent, cut to two decimals; 0 where nothing may be taken off. */
  max_discount_percent: Decimal;
  /** What one costs after it. */
  lowest_price: Decimal;
  /** What sets the limit: `authority` or `floor`; none where nothing does. */
  bound_by: string | null;
  /** The authority of who sells, in per cent; none where the enterprise asks for none. */
  authority_percent: Decimal | null;
  /** What floor price and margin leave, in per cent; none where there is no floor. */
  floor_percent: Decimal | null;
  /** What the credit limits of customer and salesperson leave today, the least of them, in the enterprise's currency; below zero beyond a limit. None where nothing is checked, and for limits that the actor may not read. */
  credit_room: Decimal | null;
  /** Whose limit leaves the least: `customer` or `salesperson`. */
  credit_bound_by: string | null;
  /** The least discount, in per cent at two decimals, with which what the quantity comes to fits the room: with its tax, as an order takes it. 0 where it fits as it is; 100 where only what costs nothing does. None where there is no room to fit. */
  credit_min_percent: Decimal | null;
  /** True where some discount, or none, satisfies all of it. */
  possible: boolean;
  /** Who may give the discount that is wanted. */
  route: DiscountRoute | null;
  /** Where others are needed: all whose authority is the least that is enough. */
  route_holders: PriceRouteHolder[];
}

/** What a rule's value does to the price of one unit. */
export type PriceMethod = "fixed_price" | "discount_percent" | "amount_off" | "surcharge_percent" | "surcharge" | "free_goods";

/** From which quantities on, from which days on and in which bundles one costs less than now: each with its price. */
export interface PriceNextBreak {
  /** At most so many breaks of either sort, from 1 to 100. */
  limit?: number;
  /** The product; it has to be sold still. */
  product: Id;
  /** How many, in `unit`. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** Who buys; none is anybody. */
  customer?: Id | null;
  /** Who sells; none is the actor. */
  seller?: Id | null;
  /** The pricing date; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the price list's, else the customer's, else the enterprise's. */
  currency?: string | null;
  /** The price list; none is whatever lists hold for everybody. */
  list?: Id | null;
}

/** Where one costs less. */
export interface PriceNextBreakAnswer {
  /** The currency of the amounts. */
  currency: string;
  /** What one costs now. */
  unit_price: Decimal;
  /** What the quantity costs now. */
  amount: Decimal;
  /** What rules take off a document that holds nothing else. */
  document_discount: Decimal;
  /** What one costs after that: what is compared. */
  net_unit_price: Decimal;
  /** Larger quantities, the nearest first, each cheaper for one than the one before, or with more free goods for one. For less than 0 they are less still. Each is the smallest that may be ordered behind its bound: the next whole number where a whole number is asked for, else the next at six decimals. So behind a tier `up_to` 12 stand 13, and 12.000001. */
  quantities: PriceBreak[];
  /** Later days, the nearest first, each cheaper than the one before. */
  dates: PriceBreak[];
  /** Bundles that hold the product, and in which one of it is worth less than now, the cheapest first. */
  bundles: PriceBreakBundle[];
  /** True where every bound was looked at as far as `limit`; false where there are too many of them, or others may be: a condition that looks at the quantity or the day. */
  complete: boolean;
}

/** Makes the same price rule for several products: all of them or none. Codes are the offer's and the product's, `SUMMER-FM-50`. */
export interface PriceOffer {
  /** The rule's fields by name, but for the product; its `code` is that of the offer. */
  values: Values<"price_rule">;
  /** The products, each once. */
  products?: OfferedProduct[];
}

/** The rules of an offer. */
export interface PriceOfferAnswer {
  /** One for each product, in their order. */
  rules: Id[];
}

/** Prices a history under other rules or another strategy: what revenue and margin would have been, by rule and by customer, and which lines change and why. Nothing is written. The history is any kind of line; expressions say what its product, quantity, customer and date are. Lines of one document are priced together, with what rules take off the document; rolling periods count the lines of the history before it. Lines of free goods are passed over: the rules give them. */
export interface PriceReplay<K extends AnyKind = string> {
  /** The kind of the lines, such as `order_line`. */
  kind: K;
  /** Which lines, as a condition over the kind; all where there is none. */
  filter?: string | null;
  /** The product of a line. */
  product?: string;
  /** How many. */
  quantity?: string;
  /** Who bought. */
  customer?: string | null;
  /** The pricing date. */
  date: string;
  /** The unit; none is the line's `unit`, where it has such a field, else the product's. */
  unit?: string | null;
  /** Who sold. */
  seller?: string | null;
  /** The currency; none is the line's `currency` or its document's, where one has such a field, else the enterprise's. */
  currency?: string | null;
  /** The price list that was named. */
  list?: string | null;
  /** What lines belong together: a reference or a text; none is the record of which they are lines. */
  document?: string | null;
  /** Rules that are left out. */
  without?: Id[];
  /** Rules with other values. */
  changed?: PriceReplayChanged[];
  /** Rules that are not there yet: their fields by name. */
  added?: Values<"price_rule">[];
  /** At most so many lines, from 1 to 100000. */
  limit?: number;
  /** The strategy of the candidates; none is the enterprise's. */
  strategy?: string | null;
  /** The strategy with which they are compared; none is the enterprise's. */
  strategy_before?: string | null;
  /** At most so many of the lines that change are told one by one. */
  changes?: number;
}

/** What other rules would have made. Amounts are in the enterprise's currency; lines without a price before or after count for nothing in either. */
export interface PriceReplayAnswer {
  /** The enterprise's currency. */
  currency: string;
  /** How many lines were priced both ways. */
  lines: number;
  /** How many have another price. */
  changed_lines: number;
  /** How many have no price, or no single one, by the rules as they are. */
  unpriced_before: number;
  /** The same by the candidates. */
  unpriced_after: number;
  /** True where there were more lines than the limit. */
  more: boolean;
  /** What all lines come to. */
  total: PriceReplayFigures;
  /** By rule, of the lines on which it made the price or took effect; `-` for lines whose list price no rule replaced, `*` for rules that the actor may not read. Those with a difference first. */
  rules: PriceReplayFigures[];
  /** By customer, those with the largest difference first. */
  customers: PriceReplayFigures[];
  /** The lines that change, the earlier documents first: those with another price or revenue, and those with a price on one side only. */
  changes: PriceReplayChange[];
}

/** A line that changes. Its revenue is in the enterprise's currency, after what rules take off its document. */
export interface PriceReplayChange {
  /** The record; of lines, that of which they are lines. */
  record: Id;
  /** The number of the line; none where the record is the line. */
  line: number | null;
  /** The product. */
  product: Id;
  /** The pricing date. */
  date: CalendarDate;
  /** The price of one by the rules as they are; none where there is no single one. */
  unit_price_before: Decimal | null;
  /** The same by the candidates. */
  unit_price_after: Decimal | null;
  /** Revenue by the rules as they are. */
  revenue_before: Decimal | null;
  /** Revenue by the candidates. */
  revenue_after: Decimal | null;
  /** Why there is no price by the rules as they are: the code of the refusal. */
  refused_before: string | null;
  /** The same by the candidates. */
  refused_after: string | null;
  /** The rules that make the difference; none where the list price is on either side. */
  rules: PriceReplayReason[];
}

/** A rule with other values. */
export interface PriceReplayChanged {
  /** The rule. */
  rule: Id;
  /** The values that are other. */
  values: Values<"price_rule">;
}

/** Revenue and margin before and after. */
export interface PriceReplayFigures {
  /** The rule's code or the customer's id; none for all. */
  of: string | null;
  /** Lines by the rules as they are. */
  lines_before: number;
  /** Lines by the candidates. */
  lines_after: number;
  /** Revenue by the rules as they are. */
  revenue_before: Decimal;
  /** Revenue by the candidates. */
  revenue_after: Decimal;
  /** Revenue less cost, of lines whose cost is known. */
  margin_before: Decimal | null;
  /** The same by the candidates. */
  margin_after: Decimal | null;
  /** What the rule itself changed the revenue by, below 0 where it took something off; 0 for all and for customers. */
  effect_before: Decimal;
  /** The same by the candidates. */
  effect_after: Decimal;
}

/** A rule that makes a difference to a line. */
export interface PriceReplayReason {
  /** What people call it; `*` for rules that the actor may not read. */
  rule: string;
  /** What it changes the revenue by as rules are; none where it does nothing. */
  effect_before: Decimal | null;
  /** The same by the candidates. */
  effect_after: Decimal | null;
  /** Why it does nothing on one of the sides, as derivations say it; `absent` where it is no rule of that side for the product and the buyer. */
  reason: string | null;
  /** By what it was beaten or excluded there. */
  by: string | null;
}

/** Who may give a discount: an employee, or whoever holds a position. */
export interface PriceRouteHolder {
  /** The employee. */
  employee: Id | null;
  /** The position. */
  seller_position: Id | null;
}

/** A price rule: for whom, for what, when and from which quantity on, and the price that follows. */
export interface PriceRule {
  /** A short code, unique: what refusals and derivations call it. */
  code: string;
  /** What it is for. */
  name: string;
  /** The price list it belongs to; none holds beside all lists. */
  list: Id | null;
  /** Only this product. */
  product: Id | null;
  /** Only products of this category and those below it. */
  category: Id | null;
  /** Only this customer. */
  customer: Id | null;
  /** Only customers of this class. */
  customer_class: string | null;
  /** Only sellers who hold this position. */
  seller_position: Id | null;
  /** The first day on which it holds, included; none is since ever. */
  valid_from: CalendarDate | null;
  /** The last day on which it holds, included; none is for ever. */
  valid_until: CalendarDate | null;
  /** The smallest quantity for which it holds, included; none is any. */
  min_quantity: Decimal | null;
  /** The largest quantity for which it holds, included; none is any. */
  max_quantity: Decimal | null;
  /** The unit of its quantities and prices; none is the product's. */
  unit: Id | null;
  /** The currency of its price, and the only one in which it holds; none is its list's, and for percentages any. */
  currency: string | null;
  /** A condition on the price question that has to be true as well. */
  condition: string | null;
  /** The larger, the earlier: for the strategy `priority`. */
  priority: number | null;
  /** What its value does. */
  method: PriceMethod;
  /** A price, an amount, per cent or a count of free goods, as the method says; none where tiers say it. */
  value: Decimal | null;
  /** How the tiers are taken. */
  tier_mode: TierMode;
  /** Which side of a tier its bound is. */
  tier_bound: TierBound;
  /** The flat fee of the first tier is due for a quantity of 0 as well. */
  flat_fee_at_zero: boolean;
  /** Values by quantity, in rising order. */
  tiers: Line<PriceTier>[];
  /** False while it is not used. */
  active: boolean;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** Notes. */
  notes: string | null;
  /** Where in the way to a price it comes. Of the rules that make the price one is chosen; what comes later takes effect beside others. */
  stage: PriceStage;
  /** What per cents and amounts start from. */
  base: PriceBase;
  /** The group within which effects exclude one another. */
  exclusion_group: Id | null;
  /** What bounds and tiers count. */
  basis: QuantityBasis;
  /** For a rolling period: how many days up to the pricing date are counted. */
  period_days: number | null;
  /** What bounds and tiers measure: a number over the price inquiry, such as `amount` (what the lines come to before this rule's stage), `weight` or `quantity * product.volume`. None is the quantity. */
  measure: string | null;
  /** Quantities are charged in whole packages of so many; values are prices of a package then. */
  package: Decimal | null;
  /** The price is rounded to a multiple of this, once the value has done its work. */
  round_to: Decimal | null;
  /** How. */
  round_mode: RoundMode;
  /** Added to the price after that: -0.01 for prices that end on 9.99. */
  then_add: Decimal | null;
  /** The price is at least so much above what it started from. */
  min_margin: Decimal | null;
  /** The price is at most so much above what it started from. */
  max_margin: Decimal | null;
  /** What is given for nothing; none is the product itself. */
  free_product: Id | null;
  /** Free goods are given for every so many. */
  free_per: Decimal | null;
  /** How a quantity that is no multiple of that is counted. */
  free_count: FreeCount;
  /** Free goods are part of the quantity ordered; else they come on top. */
  free_inclusive: boolean;
  /** What becomes of free goods when what they came with comes back. */
  free_returns: FreeReturns;
}

/** Where in the way to a price an effect comes. Stages run in this order. */
export type PriceStage = "list" | "contract" | "volume" | "promotion" | "manual" | "partner" | "document";

/** A way to choose among price rules that all match, made by the enterprise. */
export interface PriceStrategy {
  /** A short code, unique: what the setting `pricing.strategy` names. */
  code: string;
  /** The name. */
  name: string;
  /** What becomes of rules that no key tells apart. */
  last: TieBreak;
  /** Where a price is rounded. */
  unit_rounding: UnitRounding;
  /** How what an effect changes one unit by is rounded to the digits of the currency; none leaves it exact. */
  effect_rounding: RoundMode | null;
  /** What is compared, first things first. */
  keys: Line<PriceStrategyKey>[];
}

/** One thing that a strategy compares. */
export interface PriceStrategyKey {
  /** What is compared. */
  key: StrategyKey;
  /** For an access: how the rule names the product. */
  product: AccessAxis | null;
  /** For an access: how the rule names the customer. */
  customer: AccessAxis | null;
  /** For an access: a hit ends the search. */
  stops: boolean;
  /** For a level: the stage. */
  stage: PriceStage | null;
}

/** One step of a scale of quantities. */
export interface PriceTier {
  /** The quantity at which it begins or up to which it goes, included either way; none on a last tier without end. */
  bound: Decimal | null;
  /** The price, amount or per cent of the tier, as the rule's method says. */
  value: Decimal;
  /** An amount due once the tier is entered. */
  flat_fee: Decimal;
}

/** Checks a derivation: whether the records of the time when it was made give it again for what was asked, member by member. Product, customer, seller and list have to be such that the actor may see. What has a `source` is refused there: an imported price, and a line that is free with another, hold nothing that could be asked for again. */
export interface PriceVerify {
  /** The derivation, as an answer or a line has it. */
  derivation: Derivation | PriceByHand | ImportedPrice | FreeGoodsDerivation;
  /** Its hash, where that is to be compared too. */
  hash?: string | null;
}

/** What came of checking. */
export interface PriceVerifyAnswer {
  /** True where nothing differs. */
  valid: boolean;
  /** The hash of the derivation that was given. */
  hash: string;
  /** Where the first difference is, as a JSON pointer into the derivation; `/hash` for the hash itself. */
  path: string | null;
  /** What was given there. */
  given: Json | null;
  /** What is found there. */
  found: Json | null;
  /** What no record tells and was believed, as JSON pointers into the derivation: `/facts/measured` (together with other lines), `/facts/allocated`, `/facts/manual`, `/facts/discount_percent`, `/effects/manual` (who set the price, why and at what). */
  believed: string[];
}

/** Why a rule does not make the price of a product, or that it does; and what one would cost by it alone. */
export interface PriceWhyNot {
  /** The rule. */
  rule: Id;
  /** The product; it has to be sold still. */
  product: Id;
  /** How many, in `unit`. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** Who buys; none is anybody. */
  customer?: Id | null;
  /** Who sells; none is the actor. */
  seller?: Id | null;
  /** The pricing date; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the price list's, else the customer's, else the enterprise's. */
  currency?: string | null;
  /** The price list; none is whatever lists hold for everybody. */
  list?: Id | null;
}

/** Why a rule does not make a price. */
export interface PriceWhyNotAnswer {
  /** What people call the rule. */
  code: string;
  /** True where it makes the price or takes effect on it. */
  taken: boolean;
  /** Why not, as derivations say it; `inactive` for a rule that is not used. */
  reason: string | null;
  /** By what it was beaten or excluded. */
  by: string | null;
  /** What the rule asks for where that can be said: the day, the quantity, the currency. */
  wanted: string | null;
  /** What one would cost by this rule alone, where it has something to say for the quantity. */
  unit_price: Decimal | null;
  /** The derivation of the price as it is; none where there is no price. */
  derivation: Derivation | null;
  /** The SHA-256 of its canonical bytes. */
  hash: string | null;
}

/** What a line costs. */
export interface PricedDocumentLine {
  /** The product. */
  product: Id;
  /** The price of one, at six decimals. */
  unit_price: Decimal;
  /** The exact price where six decimals do not say it all. */
  exact_price: string | null;
  /** The product's list price. */
  list_price: Decimal | null;
  /** Quantity × unit price. */
  gross: Decimal;
  /** Gross less net. */
  discount: Decimal;
  /** Quantity × unit price × (1 − discount), rounded once. */
  net: Decimal;
  /** The line's shares of what is taken off the whole. */
  document_discount: Decimal;
  /** Per cent of tax. */
  tax_percent: Decimal;
  /** The tax. */
  tax: Decimal;
  /** Where its tax is made of several, what each comes to. */
  taxes: PricedLineTax[];
  /** With discounts and tax. */
  total: Decimal;
  /** The rule that makes the price. */
  rule: Id | null;
  /** Free goods that come with it. */
  free_goods: FreeGoods[];
  /** How the price came about. */
  derivation: Derivation;
  /** The SHA-256 of its canonical bytes, for `price.verify`. */
  hash: string;
}

/** One of several taxes on a line. */
export interface PricedLineTax {
  /** The tax. */
  tax: Id;
  /** Its rate. */
  percent: Decimal;
  /** What it comes to. */
  amount: Decimal;
}

/** Something sold: goods or a service. */
export interface Product {
  /** The product code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The name in another language. */
  other_name: string | null;
  /** Its category. */
  category: Id | null;
  /** Goods or a service. */
  product_type: ProductType;
  /** The manufacturer's model. */
  model: string | null;
  /** The specification: size, material, version. */
  specification: string | null;
  /** The unit in which it is kept and priced. */
  unit: Id | null;
  /** The tax on its sale. */
  tax: Id | null;
  /** Who supplies it. */
  supplier: string | null;
  /** The price of one unit where no price rule says otherwise. */
  list_price: Decimal | null;
  /** The currency of list price and cost; none is the enterprise's. */
  currency: string | null;
  /** What one unit costs the enterprise. */
  cost: Decimal | null;
  /** Whether it is sold. */
  state: ProductState;
  /** Where its picture is: a file name or an address that the host understands. */
  picture: string | null;
  /** The weight of one unit, in kilograms. */
  weight: Decimal | null;
  /** The volume of one unit, in cubic metres. */
  volume: Decimal | null;
  /** What a customer should know of it. */
  description: string | null;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** Notes. */
  notes: string | null;
  /** The product of which it is a variant: that one's price rules hold for it as well, and quantities of variants can be counted together. */
  variant_of: Id | null;
  /** Below this nobody sells one without the right to. */
  floor_price: Decimal | null;
  /** The least margin, per cent of the price; none is the category's. */
  min_margin_percent: Decimal | null;
  /** For a service: what one of it is good for is counted in. */
  service_measure: ServiceMeasure | null;
  /** How many times, hours or days one is good for: 15 where a ticket is for 15 washes. */
  service_quantity: Decimal | null;
  /** Within how many days from its sale it is used up; for a service by period the length of the period. */
  service_days: number | null;
}

/** A class of products: a node of the category tree. */
export interface ProductCategory {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The category above; none at the top. */
  superior: Id | null;
  /** What it holds. */
  description: string | null;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** The least margin of its products, per cent of the price; none is that of the category above. */
  min_margin_percent: Decimal | null;
}

/** Whether a product is sold. */
export type ProductState = "active" | "retired";

/** What sort of thing is sold. */
export type ProductType = "goods" | "service";

/** Somebody looked at a product. */
export interface ProductView {
  /** The product. */
  product: Id;
  /** The customer who looked, or for whom somebody looked. */
  customer: Id | null;
  /** Who looked or served. */
  employee: Id | null;
  /** On which day. */
  date: CalendarDate;
  /** When. */
  at: Instant;
}

/** That it was noted. */
export interface ProductViewAnswer {
  /** The note. */
  view: Id;
}

/** Takes note that somebody looked at a product. */
export interface ProductViewRequest {
  /** The product. */
  product: Id;
  /** The customer who looked, or for whom somebody looked. */
  customer?: Id | null;
}

/** How often products were looked at, and which part of all views that is. */
export interface ProductViews {
  /** The first day; none is since ever. */
  from?: CalendarDate | null;
  /** The last day; none is until today. */
  until?: CalendarDate | null;
  /** Only views of or for this customer. */
  customer?: Id | null;
  /** At most so many products, from 1 to 10000. */
  limit?: number;
}

/** How often products were looked at. */
export interface ProductViewsAnswer {
  /** All views. */
  views: number;
  /** The products, the most viewed first. */
  products: ViewedProduct[];
}

/** What bounds and tiers count. */
export type QuantityBasis = "line" | "template" | "category" | "document" | "period";

/** An offer to a customer: who offers what to whom. What is offered stands in its versions. */
export interface Quote {
  /** The quote's number. */
  number: string | null;
  /** To whom it is made. */
  customer: Id;
  /** The person addressed. */
  contact: Id | null;
  /** Who makes it. */
  owner: Id;
  /** The department it belongs to. */
  department: Id;
  /** The currency of all its versions. */
  currency: string;
  /** Its date: prices are those of that day. */
  date: CalendarDate;
  /** Where it stands. */
  state: QuoteState;
  /** The version that the customer took. */
  accepted_version: Id | null;
  /** When it was accepted or declined. */
  closed_on: CalendarDate | null;
  /** Why it was declined or made void. */
  closed_because: string | null;
  /** True where it was accepted after its validity, by somebody who may. */
  accepted_late: boolean;
  /** What it is about. */
  subject: string | null;
  /** Notes, not shown to the customer. */
  notes: string | null;
  /** Its key in the system that it came from. */
  external_key: string | null;
}

/** The customer takes an offer. One that has expired is taken only where that is said and the actor may (`accept_expired`); its prices stay as they were quoted. */
export interface QuoteAccept {
  /** The quote. */
  quote: Id;
  /** The number of the version; the only offered one where none is given. */
  version_no?: number | null;
  /** True where it is taken though its validity is over. */
  accept_expired?: boolean;
}

/** Adds a line to the draft and prices it. */
export interface QuoteAddLine {
  /** The quote. */
  quote: Id;
  /** The number of the version; the draft where none is given. */
  version_no?: number | null;
  /** The record version of the quote version that the caller read. */
  version?: number | null;
  /** The product; one that is still sold. */
  product: Id;
  /** How much, in the unit; above zero. */
  quantity: Decimal;
  /** The unit; the product's where none is given. */
  unit?: Id | null;
  /** What the customer reads; the product's name where none is given. */
  description?: string | null;
  /** A price of one unit set by hand: needs the right to and a reason. Without it the price rules decide. */
  unit_price?: Decimal | null;
  /** Why the price is set by hand. */
  price_reason?: string | null;
  /** The line's discount, in per cent. */
  discount_percent?: Decimal | null;
  /** The tax; the product's where none is given. */
  tax?: Id | null;
}

/** A quote and the version that was worked on. */
export interface QuoteAnswer {
  /** The quote. */
  quote: Stored<Quote>;
  /** The version. */
  quote_version: Stored<QuoteVersion>;
}

/** Approves the version that was put forward, where no definition applies. Not by who submitted it or on whose behalf, unless the enterprise allows that. */
export interface QuoteApprove {
  /** The quote. */
  quote: Id;
  /** What is said with it. */
  comment?: string | null;
}

/** Changes the quote itself: contact, owner, department, date, subject, notes and fields made at run time. A new date does not price the lines anew; `quote.reprice` does. */
export interface QuoteChange {
  /** The quote. */
  quote: Id;
  /** The version of the quote that the caller read. */
  version?: number | null;
  /** New values by field name; null empties a field. */
  values: Values<"quote">;
}

/** Changes a line of the draft: quantity, unit, price, discount, tax, description, and fields made at run time. A new quantity or unit prices the line anew, unless its price was set by hand; so does a discount that comes or goes where the strategy has a level for it. */
export interface QuoteChangeLine {
  /** The quote. */
  quote: Id;
  /** The number of the version; the draft where none is given. */
  version_no?: number | null;
  /** The record version of the quote version that the caller read. */
  version?: number | null;
  /** The line's number. */
  line: number;
  /** New values by field name; null empties a field. A `unit_price` is a price set by hand. */
  values: Values<"quote_line">;
  /** Why the price is set by hand. */
  price_reason?: string | null;
}

/** Makes a quote with its first version, a draft, and prices its lines. */
export interface QuoteCreate {
  /** To whom it is made. */
  customer: Id;
  /** The person addressed. */
  contact?: Id | null;
  /** Who makes it; the actor where nobody is named. */
  owner?: Id | null;
  /** The department it belongs to; the owner's where none is named. */
  department?: Id | null;
  /** The currency; the customer's, else the enterprise's. */
  currency?: string | null;
  /** Its date: prices are those of that day; today where none is given. */
  date?: CalendarDate | null;
  /** What it is about. */
  subject?: string | null;
  /** The last day of its validity; by the setting `quote.validity_days` where none is given. */
  valid_until?: CalendarDate | null;
  /** The moment at which it expires, instead of a last day: the day it falls on in the enterprise's zone. */
  expires_at?: Instant | null;
  /** True where the unit prices hold the tax already; as the enterprise has set where it is not given. */
  prices_include_tax?: boolean | null;
  /** The price list chosen for it. */
  price_list?: Id | null;
  /** Discount on the whole, in per cent. */
  document_discount_percent?: Decimal | null;
  /** Discount on the whole, as an amount. */
  document_discount_amount?: Decimal | null;
  /** Freight. */
  freight?: Decimal | null;
  /** Other charges. */
  other_charges?: Decimal | null;
  /** The tax on freight and other charges. */
  charges_tax?: Id | null;
  /** The payment term; the customer's where none is given. */
  payment_term?: Id | null;
  /** Terms in words. */
  terms?: string | null;
  /** Notes, not shown to the customer. */
  notes?: string | null;
  /** Its key in the system that it came from. */
  external_key?: string | null;
  /** The lines. */
  lines?: NewLine[];
}

/** The customer does not take the offer. */
export interface QuoteDecline {
  /** The quote. */
  quote: Id;
  /** Why not. */
  reason: string;
}

/** Tells what differs between two versions of a quote: terms, totals and lines. */
export interface QuoteDifference {
  /** The earlier version. */
  from: Id;
  /** The later version. */
  to: Id;
}

/** What differs. */
export interface QuoteDifferenceAnswer {
  /** The number of the earlier version. */
  from_no: number;
  /** The number of the later version. */
  to_no: number;
  /** Terms and totals that differ. */
  fields: FieldDifference[];
  /** Lines that differ, by their number, which means the same line in all versions. */
  lines: LineDifference[];
}

/** Marks quotes as expired whose offers are all past their validity; their drafts are voided with them. The quote named, or all, at most 1,000 a call. */
export interface QuoteExpire {
  /** The quote; all where none is named. */
  quote?: Id | null;
}

/** What expired. */
export interface QuoteExpireAnswer {
  /** The quotes that are expired now. */
  expired: Id[];
  /** True where there are more: call again. */
  more: boolean;
}

/** One line of a version. */
export interface QuoteLine {
  /** The product. */
  product: Id;
  /** What the customer reads; the product's name where nothing else was said. */
  description: string | null;
  /** How much, in the unit. */
  quantity: Decimal;
  /** The unit. */
  unit: Id | null;
  /** The price of one unit before the line's discount. */
  unit_price: Decimal;
  /** The exact price where six decimals do not say it all: `62/6`. */
  exact_price: string | null;
  /** The list price of one unit. */
  list_price: Decimal | null;
  /** What one unit cost the enterprise when the line was priced, in the document's currency; none where nobody knows. */
  unit_cost: Decimal | null;
  /** The line's discount, in per cent. */
  discount_percent: Decimal;
  /** Quantity × unit price, posted. */
  gross: Decimal;
  /** Gross less net. */
  discount: Decimal;
  /** Quantity × unit price × (1 − discount), posted once. */
  net: Decimal;
  /** Quantity × unit cost, posted. The net less this is the line's margin. */
  cost: Decimal | null;
  /** The line's share of the discount on the whole. */
  document_discount: Decimal;
  /** What rules take off it together with other lines: each with the rule, its per cent or amount, and the line's share. */
  document_effects: LineEffect[] | null;
  /** For free goods, which follow another line: the number of that line. */
  free_of: number | null;
  /** The tax. */
  tax: Id | null;
  /** Its rate on the document's date. */
  tax_percent: Decimal;
  /** Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line. */
  tax_parts: TaxPartShape[] | null;
  /** The tax of the line. */
  tax_amount: Decimal;
  /** The line with discounts and tax. */
  total: Decimal;
  /** The price rule that made the price. */
  price_rule: Id | null;
  /** How the price came about. */
  derivation: Derivation | PriceByHand | ImportedPrice | FreeGoodsDerivation | null;
  /** Who set the price by hand, where somebody did. */
  manual_price_by: Id | null;
  /** Why. */
  manual_price_reason: string | null;
  /** The price that it replaced. */
  replaced_price: Decimal | null;
  /** How much of it has been ordered. */
  ordered: Decimal;
}

/** Marks a quote as being negotiated. */
export interface QuoteNegotiate {
  /** The quote. */
  quote: Id;
  /** What the customer asks for. */
  comment?: string | null;
}

/** Makes a new draft from a version, with its lines, prices and derivations. A version that was still unapproved is superseded. Beside an approved and valid version the draft has to be named an alternative. */
export interface QuoteNewVersion {
  /** The quote. */
  quote: Id;
  /** The number of the version to clone; the newest where none is given. */
  from?: number | null;
  /** True where it stands beside an approved version. */
  alternative?: boolean;
}

/** A part of a line of a quote. */
export interface QuotePart {
  /** The number of the quote's line. */
  line: number;
  /** How much of it; all that is left where it is not given. */
  quantity?: Decimal | null;
}

/** Gives the version that was put forward back, where no definition applies: it is a draft again. */
export interface QuoteReject {
  /** The quote. */
  quote: Id;
  /** Why. */
  reason: string;
}

/** Takes a line out of the draft. Its number is not used again. */
export interface QuoteRemoveLine {
  /** The quote. */
  quote: Id;
  /** The number of the version; the draft where none is given. */
  version_no?: number | null;
  /** The record version of the quote version that the caller read. */
  version?: number | null;
  /** The line's number. */
  line: number;
}

/** Prices the lines of the draft anew by the rules as they are, with the quote's date, and tells what that changes. Prices set by hand stay, unless it is said that they go too. A preview is told whoever may keep what comes of it. */
export interface QuoteReprice {
  /** The quote. */
  quote: Id;
  /** The number of the version; the draft where none is given. */
  version_no?: number | null;
  /** The record version of the quote version that the caller read. */
  version?: number | null;
  /** True where prices set by hand go too. */
  manual?: boolean;
  /** True where nothing is kept: only the difference is wanted. */
  preview?: boolean;
}

/** What pricing anew changed. */
export interface QuoteRepriceAnswer {
  /** The version as it stands then; in a preview as it would, with the record version that it has now. */
  quote_version: Stored<QuoteVersion>;
  /** The currency of the amounts. */
  currency: string;
  /** The lines whose price changed. */
  lines: RepricedLine[];
  /** The total before. */
  total_before: Decimal;
  /** The total after. */
  total_after: Decimal;
}

/** Marks an approved version as sent to the customer. */
export interface QuoteSend {
  /** The quote. */
  quote: Id;
  /** The number of the version; the only approved one where none is given. */
  version_no?: number | null;
}

/** Changes the terms of the draft: validity, discount on the whole, freight, other charges, payment term, terms in words, price list, and fields made at run time. Prices stay; `quote.reprice` finds them anew. */
export interface QuoteSetTerms {
  /** The quote. */
  quote: Id;
  /** The number of the version; the draft where none is given. */
  version_no?: number | null;
  /** The record version of the quote version that the caller read. */
  version?: number | null;
  /** New values by field name; null empties a field. */
  values: Values<"quote_version">;
  /** The moment at which it expires, instead of `valid_until`: the day it falls on in the enterprise's zone. */
  expires_at?: Instant | null;
}

/** Shows a quote with all its versions and says which of them are offered today. */
export interface QuoteShow {
  /** The quote. */
  quote: Id;
}

/** A quote with its versions. */
export interface QuoteShowAnswer {
  /** The quote. */
  quote: Stored<Quote>;
  /** Its versions, first to last. */
  versions: Stored<QuoteVersion>[];
  /** The numbers of the versions that are approved and valid today. */
  offered: number[];
}

/** Where a quote stands. */
export type QuoteState = "draft" | "in_approval" | "approved" | "sent" | "in_negotiation" | "accepted" | "declined" | "expired" | "void";

/** Puts the draft forward for approval: by the published definition that applies; where none does, somebody with the right to approves it. Where the enterprise asks for no approval, submitting approves, and that is recorded. */
export interface QuoteSubmit {
  /** The quote. */
  quote: Id;
  /** The number of the version; the draft where none is given. */
  version_no?: number | null;
  /** The record version of the quote version that the caller read. */
  version?: number | null;
}

/** What is offered: lines, prices, terms. A draft changes; approving freezes it for good. */
export interface QuoteVersion {
  /** The quote. */
  quote: Id;
  /** The version: 1, 2, ... */
  version_no: number;
  /** Where it stands. */
  state: QuoteVersionState;
  /** True while it is a draft or in approval, else empty: there is at most one such version. */
  open: boolean | null;
  /** The version that it was cloned from. */
  cloned_from: Id | null;
  /** Why it was voided. */
  void_reason: VoidReason | null;
  /** The version that superseded it. */
  void_cause: Id | null;
  /** What was said when it was voided. */
  void_note: string | null;
  /** The last day of its validity. */
  valid_until: CalendarDate | null;
  /** The quote's currency. */
  currency: string;
  /** True where the unit prices hold the tax already. */
  prices_include_tax: boolean;
  /** The price list chosen for it. */
  price_list: Id | null;
  /** Discount on the whole, in per cent. */
  document_discount_percent: Decimal | null;
  /** Discount on the whole, as an amount. */
  document_discount_amount: Decimal | null;
  /** Freight. */
  freight: Decimal;
  /** Other charges. */
  other_charges: Decimal;
  /** When what is due: the payment term. */
  payment_term: Id | null;
  /** Terms in words. */
  terms: string | null;
  /** Sum of the lines before any discount. */
  gross: Decimal;
  /** Sum of the line discounts. */
  discount: Decimal;
  /** Sum of the lines' nets. */
  net: Decimal;
  /** The discount on the whole. */
  document_discount: Decimal;
  /** Tax. */
  tax: Decimal;
  /** What the customer would pay. */
  total: Decimal;
  /** Who put it forward for approval. */
  submitter: Id | null;
  /** When. */
  submitted_at: Instant | null;
  /** How it was approved. */
  approval: ApprovalWay | null;
  /** Who approved it, where one person did. */
  approver: Id | null;
  /** When it was approved. */
  approved_at: Instant | null;
  /** When it was sent to the customer. */
  sent_at: Instant | null;
  /** What people call it: the quote's number and the version. */
  label: string;
  /** The tax on freight and other charges. */
  charges_tax: Id | null;
  /** The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`. */
  charges_taxes: TaxPartShape[] | null;
  /** How its amounts are posted, taxed and shared out: what the enterprise decided when they were last calculated. What follows from it goes by that. None where an older library made it: then what holds now. */
  policy: DocumentPolicy | null;
  /** On whose behalf it was put forward. */
  submitted_for: Id | null;
  /** The lines. */
  lines: Line<QuoteLine>[];
}

/** Where a version stands. */
export type QuoteVersionState = "draft" | "in_approval" | "approved" | "voided";

/** Takes a quote back: nothing of it is offered any more. */
export interface QuoteVoid {
  /** The quote. */
  quote: Id;
  /** Why. */
  reason: string;
}

/** Voids a version by hand: a draft, or an approved one that is no longer offered. */
export interface QuoteVoidVersion {
  /** The quote. */
  quote: Id;
  /** The number of the version. */
  version_no: number;
  /** Why. */
  reason: string;
}

/** Takes the version back from approval, where no definition runs on it; a running approval is withdrawn by `approval.withdraw`. */
export interface QuoteWithdraw {
  /** The quote. */
  quote: Id;
}

/** How equal values are ranked. */
export type RankMethod = "competition" | "dense";

/** Money that came from a customer, or went back. */
export interface Receipt {
  /** The receipt's number. */
  number: string | null;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** From whom, or to whom. */
  customer: Id;
  /** The order that it is for. */
  order: Id | null;
  /** Payment, payment in advance or refund. */
  receipt_type: ReceiptType;
  /** The currency. */
  currency: string;
  /** How many of the enterprise's currency one of its currency is, on its date. */
  rate: Decimal;
  /** Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. */
  inverse_rate: Decimal | null;
  /** How much; above zero, for a refund too. */
  amount: Decimal;
  /** The day on which it came or went. */
  date: CalendarDate;
  /** How it was paid. */
  method: string | null;
  /** Who paid, where it was somebody else. */
  payer: string | null;
  /** Who handles it. */
  owner: Id | null;
  /** The department it belongs to. */
  department: Id | null;
  /** How much of it settles no debt yet: the customer's advance. */
  unallocated: Decimal;
  /** The amount in the enterprise's currency. */
  base_amount: Decimal;
  /** The advance in the enterprise's currency, at the receipt's rate. */
  base_unallocated: Decimal;
  /** Entered here or brought from another system. */
  origin: Origin;
  /** Notes. */
  notes: string | null;
  /** When it became known here. */
  recorded_at: Instant;
}

/** Settles debts with what is left of a receipt. */
export interface ReceiptAllocate {
  /** The receipt. */
  receipt: Id;
  /** The version that was read; refused where another stands. */
  version?: number | null;
  /** Which debts first; the oldest where none is named. */
  allocations?: AllocationPart[];
  /** Whether the rest settles other debts; it does where no debt is named. */
  allocate?: Allocate | null;
}

/** A receipt with what it settled. */
export interface ReceiptAnswer {
  /** The receipt. */
  receipt: Stored<Receipt>;
  /** All its allocations, in the order in which they were made. */
  allocations: Stored<Allocation>[];
}

/** Brings a receipt of another system; it settles the oldest debts. The order that it names, if any, is in effect, or an imported one that was cancelled since. */
export interface ReceiptImport {
  /** From whom. */
  customer: Id;
  /** How much. */
  amount: Decimal;
  /** The day. */
  date: CalendarDate;
  /** The currency; that of the order, the customer or the enterprise where none is given. */
  currency?: string | null;
  /** Payment, payment in advance or refund. */
  receipt_type?: ReceiptType;
  /** The order that it is for. */
  order?: Id | null;
  /** How it was paid, from the picklist. */
  method?: string | null;
  /** Who paid, where it was somebody else. */
  payer?: string | null;
  /** The number; the numbering rule gives one where there is none. */
  number?: string | null;
  /** Its key in the system that it comes from. */
  external_key?: string | null;
  /** Notes. */
  notes?: string | null;
}

/** Records money from a customer, or back to him, and settles debts with it: those named, then those of the order, then the oldest due. What is left stays an advance. */
export interface ReceiptRecord {
  /** From whom, or to whom. */
  customer: Id;
  /** How much; above zero, for a refund too. */
  amount: Decimal;
  /** The day; today where none is given. */
  date?: CalendarDate | null;
  /** The currency; that of the order, the debts, the customer or the enterprise where none is given. */
  currency?: string | null;
  /** Payment, payment in advance or refund. */
  receipt_type?: ReceiptType;
  /** The order that it is for. */
  order?: Id | null;
  /** Which debts it settles first. */
  allocations?: AllocationPart[];
  /** Whether the rest settles other debts; a payment in advance does not unless this says so. */
  allocate?: Allocate | null;
  /** How it was paid, from the picklist. */
  method?: string | null;
  /** Who paid, where it was somebody else. */
  payer?: string | null;
  /** Who handles it; the order's or customer's salesperson where none is given. */
  handler?: Id | null;
  /** The number; the numbering rule gives one where there is none. */
  number?: string | null;
  /** Its key in another system: the same payment cannot be recorded twice. */
  external_key?: string | null;
  /** Notes. */
  notes?: string | null;
}

/** What sort of payment it is. */
export type ReceiptType = "prepayment" | "receipt" | "refund";

/** Takes a payment off a debt again: the debt is open once more, the money an advance. Both entries stay. */
export interface ReceiptUnallocate {
  /** The receipt. */
  receipt: Id;
  /** The debt. */
  receivable: Id;
  /** How much; all where nothing is given. */
  amount?: Decimal | null;
  /** Why. */
  reason: string;
}

/** One debt with one due date: an instalment of an invoice or of an order, or an opening balance. Negative for a credit note. */
export interface Receivable {
  /** The invoice that it is of. */
  invoice: Id | null;
  /** The order behind it. */
  order: Id | null;
  /** Who owes. */
  customer: Id;
  /** Whose business it is. */
  owner: Id | null;
  /** The department it belongs to. */
  department: Id | null;
  /** The currency. */
  currency: string;
  /** How many of the enterprise's currency one of its currency is. */
  rate: Decimal;
  /** Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. */
  inverse_rate: Decimal | null;
  /** The number of the document. */
  document: string | null;
  /** What the instalment is called. */
  label: string | null;
  /** The date of the document. */
  date: CalendarDate;
  /** When it is due. */
  due_date: CalendarDate;
  /** How much was booked. */
  amount: Decimal;
  /** How much of it is not settled. */
  open: Decimal;
  /** The booked amount in the enterprise's currency. */
  base_amount: Decimal;
  /** What is not settled, in the enterprise's currency at its own rate. */
  base_open: Decimal;
  /** When it became known here. */
  recorded_at: Instant;
}

/** Shows open debts by how long they have been due, on any day and as it was known at any time. What customers have to their credit stands apart. */
export interface ReceivablesAgeing {
  /** The day; today where none is given. */
  as_of?: CalendarDate | null;
  /** Only what was recorded by then; everything where nothing is given. */
  known_at?: Instant | null;
  /** Last days of the stretches; the setting `ageing.limits` where none is given. */
  limits?: number[];
  /** Where debts due on the very day stand. */
  due_today?: DueToday;
  /** What is told apart. */
  by?: AgeingBy;
  /** Only this customer's. */
  customer?: Id | null;
  /** Only debts in this currency, in it; otherwise all, in the enterprise's at the rate of each document. */
  currency?: string | null;
  /** At most so many rows, the largest debts first; 1 to 10,000. */
  limit?: number;
  /** Whether rows say names and numbers too. */
  names?: boolean;
}

/** Lists open debts that are due, the longest overdue first, with their days late. */
export interface ReceivablesDue {
  /** Due by this day; today where none is given. */
  until?: CalendarDate | null;
  /** Only this customer's. */
  customer?: Id | null;
  /** Only this salesperson's. */
  owner?: Id | null;
  /** At most so many, 1 to 1,000. */
  limit?: number;
}

/** Debts that are due. */
export interface ReceivablesDueAnswer {
  /** The debts, oldest due first. */
  debts: DueDebt[];
  /** True where there are more. */
  more: boolean;
}

/** A record after an operation. */
export interface RecordAnswer<K extends AnyKind = string> {
  /** The record with id and version, as the actor may see it. */
  record: RecordOf<K>;
}

/** Deleted records of a kind, the latest first, as they were when they were deleted. */
export interface RecordBin<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** At most so many, 1 to 1,000. */
  limit?: number;
  /** Only what comes behind the page before: its `next`. */
  after?: BinMark | null;
}

/** The recycle bin of a kind. */
export interface RecordBinAnswer {
  /** What lies in it. */
  entries: BinEntry[];
  /** What to give as `after` for the next page; none at the end. */
  next: BinMarkGiven | null;
}

/** How many records of a kind fulfil a condition, within what the actor may read. */
export interface RecordCount<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The condition; all records where there is none. */
  filter?: string | null;
}

/** A count. */
export interface RecordCountAnswer {
  /** How many. */
  count: number;
}

/** Makes a record of a kind. */
export interface RecordCreate<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** Its fields by name; lines as arrays of objects. Of a kind with an owner that is the actor where it is not named; null makes a record that belongs to nobody. */
  values: Values<K>;
}

/** Puts a record into the recycle bin. */
export interface RecordDelete<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The record. */
  id: Id;
  /** The version that the caller read. */
  version?: number | null;
}

/** What became of a record. */
export interface RecordDeleteAnswer {
  /** The record that is gone. */
  id: Id;
}

/** Describes a kind: its fields with types and labels, in the caller's language. Who may read a record may have its lines described. */
export interface RecordDescribe<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
}

/** A description. */
export interface RecordDescribeAnswer<K extends AnyKind = string> {
  /** The kind's number. */
  no: number;
  /** Its name. */
  kind: K;
  /** Its label in the caller's language. */
  label: string;
  /** What it is, in English. */
  description: string;
  /** True where it is made and changed by operations of its own. */
  managed: boolean;
  /** True where it was made at run time. */
  custom: boolean;
  /** The kind whose lines these are. */
  parent: string | null;
  /** Fields in order: `{no, name, label, description, type, required, managed, ...}`. */
  fields: FieldDescription[];
}

/** Records of a kind as CSV (RFC 4180, UTF-8, header first): every field that is no list of lines. */
export interface RecordExport<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** Only records for which this condition holds. */
  filter?: string | null;
  /** Sort keys, as in `record.list`. */
  order?: string[];
  /** Columns by field name, in order; all where none is named. */
  columns?: string[];
  /** At most so many records, 1 to 100,000. */
  limit?: number;
}

/** The text of an export. */
export interface RecordExportAnswer {
  /** The CSV. */
  csv: string;
  /** Records in it. */
  rows: number;
}

/** Reads a record, as it is or as it was. */
export interface RecordGet<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The record. */
  id: Id;
  /** The state at this point in time instead of the present one. */
  as_of?: Instant | null;
}

/** Every change of a record, the latest first: who, when, by which operation, which fields with old and new values. */
export interface RecordHistory<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The record. */
  id: Id;
  /** At most so many entries. */
  limit?: number;
  /** Only entries below this change set: the `next` of the page before. */
  before?: number | null;
}

/** A page of history. */
export interface RecordHistoryAnswer {
  /** Entries, the latest first. */
  entries: HistoryEntry[];
  /** What to give as `before` for the next page; none at the end. */
  next: number | null;
}

/** Records of a kind in order, a page at a time; lines of a kind with a parent likewise. */
export interface RecordList<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** Only records for which this condition holds; its place in an error is a byte offset. */
  filter?: string | null;
  /** Sort keys, each an expression; `-` in front sorts the largest first. Nulls come last; the id decides ties, in the direction of the last key. */
  order?: string[];
  /** At most so many, 1 to 1,000. */
  limit?: number;
  /** Only what comes behind the page before: its `next`. */
  after?: string | null;
  /** Only these fields; all where none is named. */
  fields?: string[];
}

/** A page of records. */
export interface RecordListAnswer<K extends AnyKind = string> {
  /** The records, as the actor may see them. */
  records: RecordOf<K>[];
  /** What to give as `after` for the next page; none at the end. */
  next: string | null;
}

/** Brings a record back from the recycle bin, with its id and numbers. */
export interface RecordRestore<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The record. */
  id: Id;
}

/** Changes fields of a record. Fields not named stay; lines, where given, are given whole. */
export interface RecordUpdate<K extends AnyKind = string> {
  /** The kind's name. */
  kind: K;
  /** The record. */
  id: Id;
  /** The version that the caller read; refused where the record is at another. */
  version?: number | null;
  /** New values by field name; null empties a field. */
  values: Values<K>;
}

/** Lets an order that is not yet in effect pass beyond credit limits, up to an amount and until a day. It is approved afterwards as ever; an order that has grown past the amount by then is refused again. */
export interface ReleaseCredit {
  /** The order. */
  order: Id;
  /** Up to which total of the order, in the enterprise's currency; its total now where none is given. */
  amount?: Decimal | null;
  /** The last day on which it counts. */
  until: CalendarDate;
  /** Why. */
  reason: string;
}

/** A release. */
export interface ReleaseCreditAnswer {
  /** What was let pass. */
  release: Stored<CreditRelease>;
}

/** That a rule has fired for a record and a due day. It never fires for the same again. */
export interface ReminderFiring {
  /** The rule. */
  rule: Id;
  /** The kind of the record, by name. */
  kind: string;
  /** The record. */
  about: Id;
  /** The day for which it was due. */
  due: CalendarDate;
  /** True where it fired after that day. */
  late: boolean;
  /** What came of it. */
  outcome: FiringOutcome;
  /** The message. */
  message: Id | null;
  /** When it fired. */
  fired_at: Instant;
  /** Why there is no message: a stable code. */
  reason: string | null;
}

/** When to remind whom of what: a condition and a date over records of a kind, a recipient, a text. */
export interface ReminderRule {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The kind of record, by name. */
  kind: string;
  /** The condition over the record; always where there is none. Unknown is not true. */
  condition: string | null;
  /** An expression over the record that gives a date: `due_date`. */
  date: string;
  /** So many days after that date; before it where negative. */
  offset_days: number;
  /** The time of that day, `HH:MM` in the enterprise's zone; its beginning where there is none. */
  time: string | null;
  /** The dunning level, copied to the message. */
  level: number | null;
  /** Again every so many days while the condition holds; once where there is none. */
  repeat_days: number | null;
  /** An expression over the record that gives the recipient: an employee, another record, or an address as text. */
  recipient: string;
  /** The texts, one for each language; the first where the recipient's is missing. */
  texts: Line<ReminderText>[];
  /** False while it is switched off. */
  active: boolean;
  /** Notes. */
  notes: string | null;
}

/** The text of a reminder in one language: templates over the record. */
export interface ReminderText {
  /** The language: `zh-CN`, `zh-TW` or `en`. */
  language: string;
  /** The subject, a template: `Invoice {{ number }} is due`. */
  subject: string;
  /** The text, a template. */
  body: string;
}

/** What `reminders.run` would fire now, without firing it, and when the next one is due. */
export interface RemindersDue {
  /** Only this rule. */
  rule?: Id | null;
  /** At most so many, 1 to 1,000. */
  limit?: number;
}

/** What is due. */
export interface RemindersDueAnswer {
  /** Firings to come, by rule, the earliest first. */
  due: RemindersDueItem[];
  /** True where there are more. */
  more: boolean;
  /** When the next one behind these is due, as records stand now; none where nothing is to come. */
  next: Instant | null;
  /** Codes of rules that can no longer be read. */
  broken: string[];
}

/** One firing to come. */
export interface RemindersDueItem<K extends AnyKind = string> {
  /** The rule. */
  rule: Id;
  /** Its code. */
  code: string;
  /** The kind of the record. */
  kind: K;
  /** The record. */
  about: Id;
  /** The day. */
  due: CalendarDate;
  /** True where that day has passed. */
  late: boolean;
}

/** Fires every reminder that is due at the time of the call and has not fired: writes the messages into the outbox. What was due while nobody called is caught up on and marked late. Where `more` is true it is called again at once. */
export interface RemindersRun {
  /** At most so many firings, 1 to 1,000. */
  limit?: number;
}

/** What was fired. */
export interface RemindersRunAnswer {
  /** Firings. */
  fired: number;
  /** Messages written: firings without a recipient who may read the record have none. */
  written: number;
  /** Late ones among the firings. */
  late: number;
  /** True where more is due than the limit allowed. */
  more: boolean;
  /** When to call next, as records stand now; none where nothing is to come. */
  next: Instant | null;
  /** Codes of rules that can no longer be read, such as one that names a field that is gone. The others have run. */
  broken: string[];
}

/** The answer of a report. */
export interface ReportAnswer {
  /** The date that it speaks of. */
  as_of: CalendarDate;
  /** `all` where the actor may read every record of the kind, else `own_scope`. */
  scope: string;
  /** Columns in order: `{name, type}`. */
  columns: ReportColumn[];
  /** Rows: one value a column. Decimals are strings, a missing value is null. */
  rows: Json[][];
}

/** A column of a report. */
export interface ReportColumn {
  /** What the request calls it. */
  name: string;
  /** The type of its values: `integer` are JSON numbers, `decimal` texts. */
  type: "boolean" | "integer" | "decimal" | "text" | "date" | "instant" | "reference" | "null";
}

/** A value computed from a row. */
export interface ReportFormula {
  /** The name of the column. */
  name: string;
  /** The formula over the columns before it, such as `round(late / shipped, 6)`. */
  of: string;
}

/** A group key. */
export interface ReportGroup {
  /** The name of the column. */
  name: string;
  /** The key. */
  by: string;
  /** For dates: the period that they fall into. */
  period?: PeriodBy | null;
}

/** A measure. */
export interface ReportMeasure {
  /** The name of the column. */
  name: string;
  /** What is done. */
  measure: MeasureKind;
  /** Over which value; every measure but `count` needs it. */
  of?: string | null;
  /** Decimals of an average. */
  decimals?: number;
}

/** A rank. */
export interface ReportRank {
  /** The name of the column. */
  name?: string;
  /** The measure or formula; the largest ranks first. A row in which it is missing has no rank. */
  by: string;
  /** How equal values are ranked. */
  method?: RankMethod;
}

/** A roll-up along a reference: a salesperson's figures count for everybody above. */
export interface ReportRollUp<K extends AnyKind = string> {
  /** The group key that holds references; it must be the only one. */
  group: string;
  /** The kind that it refers to. */
  kind: K;
  /** The field of that kind that names the record above. */
  through: string;
  /** What is shown for each record. */
  show: string;
}

/** Runs a report: groups of records or lines of one kind with measures, formulas over the measures, rank, order and limit. Everything is within what the actor may read, and the answer says so. */
export interface ReportRun<K extends AnyKind = string> {
  /** A saved report by code; the other fields then override its own. */
  report?: string | null;
  /** The kind; a child kind for lines. */
  kind?: K | null;
  /** Only records for which this condition holds. It may name `as_of` and `today`. */
  filter?: string | null;
  /** Group keys; one row for everything where there are none. */
  group?: ReportGroup[];
  /** What is counted and summed. */
  measures?: ReportMeasure[];
  /** Values computed from the measures and keys of a row. */
  formulas?: ReportFormula[];
  /** Only rows for which this condition over keys, measures and formulas holds. */
  having?: string | null;
  /** Sort keys: names of group keys, measures or formulas, `-` in front for largest first. Group keys decide ties. */
  order?: string[];
  /** At most so many rows, after sorting. */
  limit?: number | null;
  /** A rank by one measure or formula. */
  rank?: ReportRank | null;
  /** Adds each group's measures to every record above it, along a reference. */
  roll_up?: ReportRollUp | null;
  /** The date that the report speaks of; today where there is none. */
  as_of?: CalendarDate | null;
}

/** A line whose price changed. */
export interface RepricedLine {
  /** The line's number. */
  line: number;
  /** The product. */
  product: Id;
  /** The price of one unit before. */
  unit_price_before: Decimal;
  /** The price of one unit after. */
  unit_price_after: Decimal;
  /** The line's net before. */
  net_before: Decimal;
  /** The line's net after. */
  net_after: Decimal;
}

/** Where a reservation stands. */
export type ReservationState = "reserved" | "consumed" | "voided";

/** A condition that takes records away from whoever it binds, whatever the positions give: a company line, a legal hold. All restrictions on a kind hold at once, and none of them gives anything. */
export interface Restriction {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The kind of record; what follows it in access, and its lines, are restricted with it. */
  kind: string;
  /** The condition over the kind: for whom it binds, only records for which it holds exist. */
  condition: string;
  /** Whom it binds: the holders of this position; everybody where none is named. */
  holders: Id | null;
  /** False once it is lifted; its history stays. */
  active: boolean;
}

/** A combination of scores. */
export interface RfmCell {
  /** Score of recency. */
  r: number;
  /** Score of frequency. */
  f: number;
  /** Score of money. */
  m: number;
  /** Customers with these scores. */
  customers: number;
  /** Their money. */
  monetary: Decimal;
}

/** A customer. */
export interface RfmCustomer {
  /** The business key. */
  key: string;
  /** Days since the last document. */
  recency_days: number;
  /** Documents. */
  frequency: number;
  /** Their sum. */
  monetary: Decimal;
  /** Score of recency. */
  r: number;
  /** Score of frequency. */
  f: number;
  /** Score of money. */
  m: number;
  /** The segment. */
  segment: string;
}

/** A segment. */
export interface RfmSegment {
  /** `champion`, `loyal`, `new`, `potential`, `at_risk` or `lost`. */
  segment: string;
  /** Customers in it. */
  customers: number;
  /** Their money. */
  monetary: Decimal;
}

/** How numbers are rounded. */
export type RoundMode = "half_up" | "half_even" | "up" | "down";

/** How an amount is posted: to the currency's digits, or exactly. */
export type Rounding = "half_up" | "half_even" | "exact";

/** A rounding. */
export interface RoundingStep {
  /** Of the price that the rules made, or of the column that keeps it. */
  of: "price" | "unit_price";
  /** To how many decimals. */
  decimals: number;
  /** How: `half_up` and others; `half-up` before version 3. */
  mode: string;
  /** Before. */
  exact: Exact;
  /** After. */
  shown: Exact;
}

/** Why a row or document of an import is refused: an error, and where in the files. */
export interface RowProblem {
  /** The file. */
  file: string;
  /** The row, counted from the header, which is row 1. */
  row: number;
  /** The column, where one is at fault. */
  column: string | null;
  /** The key of the record, where it was read. */
  key: string | null;
  /** The row of the document, where the fault stands in a line of it. */
  document_row?: number;
  /** The class of the error. */
  class: string;
  /** Its code. */
  code: string;
  /** What people read, in the caller's language. */
  message: string;
  /** Facts about it. */
  details: { [name: string]: Json };
}

/** What a rule made of the price: the one that was chosen, or one of a later stage. */
export interface RuleEffect {
  /** `rule` for the one that makes the price, else the stage. */
  stage: "rule" | "contract" | "volume" | "promotion" | "partner";
  /** The rule. */
  rule: Id;
  /** What people call it. */
  code: string;
  /** What its value does. */
  method: PriceMethod;
  /** Its value, where it has no tiers. */
  value?: Decimal;
  /** How its tiers count. */
  mode?: TierMode;
  /** What the bounds of its tiers are. */
  bounds?: TierBound;
  /** Its tiers. */
  tiers?: DerivationTier[];
  /** The price is that of a package of so many. */
  package?: Decimal;
  /** The price is then made a multiple of this. */
  round_to?: Decimal;
  /** How: `half_up` and others; `half-up` before version 3. */
  round_mode?: string;
  /** What is then added. */
  then_add?: Decimal;
  /** At least so much above what the price starts from. */
  min_margin?: Decimal;
  /** At most so much above it. */
  max_margin?: Decimal;
  /** In a later stage: what per cents and amounts start from. */
  of?: PriceBase;
  /** True where the price would have fallen below zero. */
  capped?: boolean;
  /** The price before it. */
  base: Exact;
  /** The price after it. */
  price: Exact;
  /** What it made of the price of one: the difference. */
  share: Exact;
}

/** What an employee is to sell in a period (ANA-11, ANA-18): one target for each beginning of a period. */
export interface SalesTarget {
  /** Whose target it is. */
  employee: Id;
  /** The first day of the period; periods of an enterprise need not be those of the calendar. */
  period_start: CalendarDate;
  /** How long the period is. */
  period: PeriodBy;
  /** The currency of the amount. */
  currency: string;
  /** How much is to be sold. */
  amount: Decimal;
  /** Its key in the system that it came from. */
  external_key: string | null;
  /** Notes. */
  notes: string | null;
}

/** A report kept for later: the request of `report.run` as data (ANA-15). */
export interface SavedReport {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The request of `report.run` without `report`. */
  definition: ReportRun;
  /** Whose report it is. */
  owner: Id | null;
}

/** How far a right reaches. */
export type Scope = "own" | "department" | "tree" | "all";

/** How scores of one to five are given to customers who stand worst first. */
export type ScoreMethod = "equal_values" | "rank" | "ntile";

/** What happens where the submitter would be asked for his own record. Judged against who submits, not who created. */
export type SelfApproval = "allow" | "forbid" | "skip";

/** What stands between the cells of a row. */
export type Separator = "comma" | "semicolon" | "tab";

/** What a customer has of a service that was sold with a line of an order. */
export interface ServiceEntitlement {
  /** The order. */
  order: Id;
  /** The line of the order. */
  order_line: number;
  /** Its customer. */
  customer: Id;
  /** The service. */
  product: Id;
  /** What it is counted in. */
  measure: ServiceMeasure;
  /** How many times, hours or days one unit of the line is good for; of a period, how many days it is long. */
  per_unit: Decimal;
  /** How many times, hours or days it is good for; of a period, how many days it is long. */
  granted: Decimal;
  /** How many of them are used; of a period, how often it was used. */
  used: Decimal;
  /** How many are left; none for a period. */
  left: Decimal | null;
  /** The day on which it was sold: the order's date. */
  sold_on: CalendarDate;
  /** The first day on which it is used. */
  starts_on: CalendarDate;
  /** The last day; none where it does not expire. */
  last_day: CalendarDate | null;
  /** How many times, hours or days were ordered; of a period, how many days. */
  ordered: Decimal;
  /** What the customer pays for it: the line's total. */
  amount: Decimal;
  /** What of that is used; none for a period. */
  used_amount: Decimal | null;
  /** The currency. */
  currency: string;
  /** What was granted when, and taken from it when it ended. */
  grants: Line<ServiceGrant>[];
}

/** What became more or less of a service by its sale. */
export interface ServiceGrant {
  /** The day. */
  date: CalendarDate;
  /** Why. */
  cause: GrantCause;
  /** How much more; below zero where it became less. */
  quantity: Decimal;
}

/** Lists what customers have of services that they bought, on a day: what is left, what is used, when it expires. */
export interface ServiceList {
  /** Only those of this customer. */
  customer?: Id | null;
  /** Only those that were sold with this order. */
  order?: Id | null;
  /** Only this service. */
  product?: Id | null;
  /** Only those that stand so on the day. */
  state?: ServiceState | null;
  /** The day; today where none is given. */
  as_of?: CalendarDate | null;
  /** At most so many, in the order in which they were sold; 1 to 500. */
  limit?: number;
  /** Only those behind this one: the `next` of the page before. */
  after?: Id | null;
}

/** A page of services. */
export interface ServiceListAnswer {
  /** The day. */
  as_of: CalendarDate;
  /** The services. */
  services: ServiceStanding[];
  /** What to give as `after` for the next page; none at the end. */
  next: Id | null;
}

/** What a service is counted in. */
export type ServiceMeasure = "times" | "hours" | "days" | "period";

/** What a customer has of a service on a day. */
export interface ServiceStanding {
  /** The entitlement. */
  entitlement: Id;
  /** The customer. */
  customer: Id;
  /** The order. */
  order: Id;
  /** The line of the order. */
  order_line: number;
  /** The service. */
  product: Id;
  /** What it is counted in. */
  measure: ServiceMeasure;
  /** Where it stands. */
  state: ServiceState;
  /** How many times, hours or days it is good for; of a period, how many days it is long. */
  granted: Decimal;
  /** How many of them were used; of a period, how often it was used. */
  used: Decimal;
  /** How many can still be used; of a period, how many of its days are still to come, this one counted. */
  left: Decimal;
  /** The first day on which it is used. */
  starts_on: CalendarDate;
  /** The last day; none where it does not expire. */
  last_day: CalendarDate | null;
  /** The currency. */
  currency: string;
  /** What the customer pays for it. */
  amount: Decimal;
  /** What of that is used; none for a period. */
  used_amount: Decimal | null;
}

/** Where an entitlement stands on a day. */
export type ServiceState = "open" | "not_begun" | "used_up" | "expired" | "ended";

/** A service was used. Never changed: a use that was none is taken back by an entry with the other sign. */
export interface ServiceUse {
  /** Of what it was used. */
  entitlement: Id;
  /** The order. */
  order: Id;
  /** Its customer. */
  customer: Id;
  /** The service. */
  product: Id;
  /** The day. */
  date: CalendarDate;
  /** How many times, hours or days; below zero where a use is taken back. */
  quantity: Decimal;
  /** What that is worth of what the customer pays; none for a period. */
  amount: Decimal | null;
  /** The currency. */
  currency: string;
  /** The use that is taken back. */
  takes_back: Id | null;
  /** Notes. */
  notes: string | null;
  /** Who recorded it. */
  recorded_by: Id | null;
  /** When it was recorded. */
  recorded_at: Instant;
  /** Its key in the system that it came from: the same use is not recorded twice. */
  external_key: string | null;
}

/** Signs in: tells a host without users of its own whom to act for. Open to everybody. */
export interface SessionLogin {
  /** The code of the employee. */
  code: string;
  /** The password. */
  password: string;
}

/** Who has signed in. */
export interface SessionLoginAnswer {
  /** The employee: the actor of the session to come. */
  employee: Id;
  /** The name. */
  name: string;
}

/** A decision of the enterprise, by key; keys never set have their defaults. */
export interface Setting {
  /** The key, such as `order.approval`. */
  key: string;
  /** The value. */
  value: Json;
}

/** Lists all settings with their values. */
export interface SettingList {
}

/** All settings. */
export interface SettingListAnswer {
  /** In the order of the table. */
  settings: SettingValue[];
}

/** Sets a setting of the enterprise. */
export interface SettingSet {
  /** The key. */
  key: string;
  /** The value; null goes back to the default. */
  value?: unknown | null;
}

/** A setting as it stands. */
export interface SettingValue {
  /** The key. */
  key: string;
  /** The value. */
  value: Json;
  /** True where it was never set, or set back. */
  is_default: boolean;
  /** What it takes. */
  takes: string;
  /** Its label in the caller's language. */
  label: string;
  /** What it decides, in English. */
  description: string;
}

/** How the amount of an instalment is found. */
export type ShareKind = "amount" | "percent" | "weight" | "balance";

/** What becomes of the smallest units that rounding leaves over. */
export type SplitMethod = "largest_remainder" | "last_absorbs";

/** One entry. */
export interface StatementEntry {
  /** The day. */
  date: CalendarDate;
  /** What it is. */
  entry: StatementKind;
  /** The document: invoice, order, debt or receipt. */
  document: Id;
  /** Its number. */
  number: string | null;
  /** When the last of it is due. */
  due_date: CalendarDate | null;
  /** What the customer owes more. */
  debit: Decimal;
  /** What he owes less. */
  credit: Decimal;
  /** The balance after it. */
  balance: Decimal;
}

/** What an entry of a statement is. */
export type StatementKind = "opening" | "order" | "invoice" | "credit_note" | "cancellation" | "prepayment" | "receipt" | "refund";

/** Where a step stands. */
export type StepState = "planned" | "partly" | "done" | "dropped";

/** What a strategy compares. */
export type StrategyKey = "product" | "customer" | "seller_position" | "list" | "min_quantity" | "priority" | "rule_count" | "cheapest" | "access" | "level";

/** What one supplier asks. */
export interface SupplierOffer {
  /** The price as it was given. */
  supplier_price: Id;
  /** The supplier. */
  supplier: string;
  /** What one costs in the currency and unit asked for; none where unit or currency cannot be converted. */
  price: Decimal | null;
  /** In how many days it is delivered. */
  delivery_days: number | null;
}

/** What a supplier asks for a product: the answer to an inquiry. */
export interface SupplierPrice {
  /** The product. */
  product: Id;
  /** The supplier. */
  supplier: string;
  /** What one costs. */
  price: Decimal;
  /** The currency. */
  currency: string;
  /** The unit; none is the product's. */
  unit: Id | null;
  /** From how many on. */
  min_quantity: Decimal | null;
  /** The first day on which it holds; none is since ever. */
  valid_from: CalendarDate | null;
  /** The last day on which it holds; none is for ever. */
  valid_until: CalendarDate | null;
  /** In how many days it is delivered. */
  delivery_days: number | null;
  /** For which customer it was inquired. */
  customer: Id | null;
  /** Notes. */
  notes: string | null;
  /** Its key in the system that it came from. */
  external_key: string | null;
}

/** What suppliers ask for a product, the cheapest first: prices that hold on a day for a quantity, in one currency and unit. */
export interface SupplierPriceCompare {
  /** The product. */
  product: Id;
  /** How many, in `unit`; above zero. */
  quantity?: Decimal;
  /** The unit; none is the product's. */
  unit?: Id | null;
  /** The day; none is today. */
  date?: CalendarDate | null;
  /** The currency; none is the enterprise's. */
  currency?: string | null;
}

/** What suppliers ask. */
export interface SupplierPriceCompareAnswer {
  /** The currency of the prices. */
  currency: string;
  /** The cheapest first; what cannot be converted last, without price. */
  offers: SupplierOffer[];
}

/** What this library is: its versions, how many operations and kinds there are. Open to everybody. */
export interface SystemInfo {
}

/** About the library and the database. */
export interface SystemInfoAnswer {
  /** The library's version (semantic versioning). */
  version: string;
  /** The revision of the interface that hosts rely on: nothing is taken away or changes its meaning while it stays. */
  abi_version: number;
  /** The revision of the table of operations: it rises when an operation, or a field of one, is added. */
  operations_revision: number;
  /** Operations in the table. */
  operations: number;
  /** Kinds in the catalogue. */
  kinds: number;
  /** True once `enterprise.setup` has run. */
  set_up: boolean;
}

/** Takes a use back that was none: an entry of its own on the day of the use, with the other sign, after which so much is left again. */
export interface TakeBackServiceUse {
  /** The use. */
  usage: Id;
  /** Why. */
  reason: string;
}

/** A tax with its rates over time. */
export interface Tax {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** Its rates. */
  rates: Line<TaxRate>[];
  /** False once it is no longer used. */
  active: boolean;
  /** The taxes that it is made of, in their order: they stand side by side on a line, each with its own rates. None for a tax with rates. */
  parts: Line<TaxPart>[];
}

/** Tells what a price that holds a tax is with another in it: the net price stays the same (commerce.md 2.5). */
export interface TaxMapPrice {
  /** The price of one, with the tax in it. */
  price: Decimal;
  /** The tax that it holds; none where it holds none. */
  from?: Id | null;
  /** The tax that it is to hold; none gives the net price. */
  to?: Id | null;
  /** The date of the rates; today where none is given. */
  date?: CalendarDate | null;
}

/** A price under another tax. */
export interface TaxMapPriceAnswer {
  /** The price without tax, rounded half up to six decimals. */
  net: Decimal;
  /** The price with the other tax in it, rounded once from the exact net price. */
  price: Decimal;
}

/** A tax that another is made of. */
export interface TaxPart {
  /** A tax with rates. */
  component: Id;
  /** True where it is of the taxes before it too, as one on a price with excise. */
  on_taxes: boolean;
}

/** One of the taxes that a line's tax is made of, or of those on charges. */
export interface TaxPartShape {
  /** The tax; null for one that is only known by its rate. */
  tax: Id | null;
  /** Its rate on the document's date. */
  percent: Decimal;
  /** True where it is also on the taxes before it. */
  on_taxes: boolean;
  /** What it comes to. */
  amount: Decimal;
}

/** Tells the rate of a tax on a date. */
export interface TaxPercent {
  /** The tax. */
  tax: Id;
  /** The date; today where none is given. */
  date?: CalendarDate | null;
}

/** The rate of a tax. */
export interface TaxPercentAnswer {
  /** Per cent of the net amount; of a tax that is made of others what they come to together. */
  percent: Decimal;
  /** The taxes that it is made of, in their order; none for a tax with rates. */
  parts: TaxPercentPart[];
}

/** A tax that another is made of, on a date. */
export interface TaxPercentPart {
  /** The tax. */
  tax: Id;
  /** Its rate. */
  percent: Decimal;
  /** True where it is of the taxes before it too. */
  on_taxes: boolean;
}

/** The rate of a tax from a date on, until the next one. */
export interface TaxRate {
  /** The first day on which it holds. */
  valid_from: CalendarDate;
  /** Per cent of the net amount. */
  percent: Decimal;
}

/** One instalment of a term. */
export interface TermLine {
  /** What it is called, such as `deposit`. */
  label: string | null;
  /** How its amount is found. */
  share: ShareKind;
  /** The amount, the per cent or the weight; none for the balance. */
  value: Decimal | null;
  /** When it is due, counted from the anchor date: steps joined by `;`, such as `+31 days; day 15`. Steps are `+N days`, `+N months`, `end_of_month` and `day N`; an empty rule is the anchor date itself. */
  due: string;
  /** Where the date goes that is no working day. */
  shift: WorkingDayShift;
}

/** What becomes of rules that nothing tells apart. */
export type TieBreak = "refuse" | "oldest" | "newest";

/** Which side of a tier its bound is. */
export type TierBound = "from" | "up_to";

/** How the tiers of a scale are taken. */
export type TierMode = "all_units" | "graduated";

/** How the totals of a document are made. */
export type TotalsProfile = "enterprise" | "en16931";

/** A line of a quote beside a line of an order. */
export interface TraceLink {
  /** The product. */
  product: Id;
  /** The quote. */
  quote: Id | null;
  /** The version of the quote. */
  quote_version: Id | null;
  /** Its number. */
  version_no: number | null;
  /** The line of the version. */
  quote_line: number | null;
  /** How much was quoted. */
  quoted: Decimal | null;
  /** How much of what was quoted is ordered, by all orders. */
  ordered_of_quote: Decimal | null;
  /** The order. */
  order: Id | null;
  /** Its number. */
  order_number: string | null;
  /** Where it stands. */
  order_state: OrderState | null;
  /** The line of the order. */
  order_line: number | null;
  /** How much is ordered by it. */
  ordered: Decimal | null;
  /** How much of that was delivered. */
  delivered: Decimal | null;
  /** How much of that was invoiced. */
  invoiced: Decimal | null;
  /** How much of that came back. */
  returned: Decimal | null;
}

/** What became of a line. */
export interface TrackedLine {
  /** Its number. */
  line: number;
  /** What the customer reads. */
  description: string | null;
  /** How much was ordered. */
  ordered: Decimal;
  /** How much was delivered. */
  delivered: Decimal;
  /** How much was invoiced. */
  invoiced: Decimal;
  /** How much came back. */
  returned: Decimal;
  /** How much is still to be delivered. */
  to_deliver: Decimal;
  /** How much is still to be invoiced, with what was delivered beyond what was ordered. */
  to_invoice: Decimal;
}

/** What became of an order. */
export interface TrackedOrder {
  /** The order. */
  order: Id;
  /** Its number. */
  number: string | null;
  /** Its customer. */
  customer: Id;
  /** Its date. */
  date: CalendarDate;
  /** Where it stands. */
  state: OrderState;
  /** The currency. */
  currency: string;
  /** What it comes to. */
  ordered: Decimal;
  /** What was delivered of it, by its lines' totals. */
  delivered: Decimal;
  /** What was invoiced of it, by its lines' totals. */
  invoiced: Decimal;
  /** What the customer gets for what came back: by its lines' totals, less free goods that stay and are charged. */
  returned: Decimal;
  /** What was booked as debts. */
  booked: Decimal;
  /** What was received for it: on its debts, and in advance. */
  received: Decimal;
  /** What is still to be received of the whole, with what was delivered beyond it. */
  open: Decimal;
  /** Its lines, where one order was asked for. */
  lines: TrackedLine[];
}

/** Steps of the chain. */
export type TransactionStep = "quote" | "order" | "delivery" | "invoice" | "receipt";

/** A period of a trend. */
export interface TrendPeriod {
  /** As people write it: `2026-11`, `2026-W47`. */
  period: string;
  /** Its first day. */
  from: CalendarDate;
  /** Its last day, or the last complete one. */
  until: CalendarDate;
  /** False where it still runs: its comparisons are to date. */
  complete: boolean;
  /** The figure. */
  value: Decimal;
  /** Records that it is of. */
  records: number;
  /** The period before, as far as it is compared. */
  previous: Decimal | null;
  /** Growth over it in per cent, two decimals. */
  growth: Decimal | null;
  /** `from_zero` or `sign_change`. */
  growth_flag: string | null;
  /** The same period a year before, as far as it is compared; none where that year has no such period. */
  year_before: Decimal | null;
  /** Growth over it in per cent, two decimals. */
  year_growth: Decimal | null;
  /** `from_zero` or `sign_change`. */
  year_growth_flag: string | null;
}

/** A unit of measure. Units with the same base unit convert into each other. */
export interface Unit {
  /** A short code, unique. */
  code: string;
  /** The name. */
  name: string;
  /** The unit in which this one is counted; none for a unit of its own. */
  base: Id | null;
  /** How many base units one of this is; above zero. */
  factor: Decimal;
  /** False once it is no longer used. */
  active: boolean;
}

/** Converts a quantity of one unit into another with the same base unit. */
export interface UnitConvert {
  /** The quantity. */
  quantity: Decimal;
  /** Its unit. */
  from: Id;
  /** The unit wanted. */
  to: Id;
}

/** A quantity in another unit. */
export interface UnitConvertAnswer {
  /** Exact, or rounded half up to six decimals. */
  quantity: Decimal;
}

/** Where a price is rounded. */
export type UnitRounding = "line" | "unit";

/** Records that a customer used a service that he bought: never more than is left, and only from its first day to its last. */
export interface UseService {
  /** Of what it is used. */
  entitlement: Id;
  /** The day; today where none is given. */
  date?: CalendarDate | null;
  /** How many times, hours or days. */
  quantity?: Decimal;
  /** Its key in the system that it comes from: the same use is not recorded twice. */
  external_key?: string | null;
  /** Notes. */
  notes?: string | null;
}

/** A use, and what is left. */
export interface UseServiceAnswer {
  /** The use. */
  usage: Stored<ServiceUse>;
  /** The entitlement as it stands then. */
  entitlement: Stored<ServiceEntitlement>;
}

/** How often a product was looked at. */
export interface ViewedProduct {
  /** The product. */
  product: Id;
  /** How often. */
  views: number;
  /** Per cent of all views, rounded half up to two decimals. */
  share_percent: Decimal;
}

/** Why a version was voided. */
export type VoidReason = "manual" | "superseded" | "cascade_of_expired" | "cascade_of_voided";

/** Where a date goes that is no working day. */
export type WorkingDayShift = "none" | "next" | "previous";
