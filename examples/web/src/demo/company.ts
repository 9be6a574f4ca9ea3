// The demonstration company: what it sells, to whom, at which prices, and a year's quarter of business in every state.
// All of it is made up for this example. Days count from today, so that the company is never out of date.

import type { Crm, Id, Session } from "crm-engine";

const DAY = 86_400_000;

/** Makes the company in an empty database. */
export async function makeCompany(crm: Crm, today = Date.now()): Promise<void> {
  let moment = today;
  /** The business day so many days from today, in the company's zone. */
  const day = (days: number) => new Date(today + 8 * 3_600_000 + days * DAY).toISOString().slice(0, 10);
  /** What follows happens so many days ago. */
  const goBack = (days: number) => void (moment = today - days * DAY);
  const as = (actor?: Id): Session => crm.session({ actor, language: "en", now: () => moment });

  goBack(200);
  const company = await as().enterprise.setup({
    name: "澜山咖啡设备 Lanshan Coffee Supply",
    base_currency: "CNY",
    zone: "Asia/Shanghai",
    administrator: "沈佳宁",
  });
  const administrator = as(company.administrator);
  const make = async (kind: string, values: Record<string, unknown>): Promise<Id> =>
    (await administrator.record.create({ kind, values })).record.id;

  await administrator.record.update({
    kind: "employee",
    id: company.administrator,
    values: { job_title: "总经理 General manager" },
  });

  // Who works here.
  const east = await make("department", { code: "EAST", name: "华东销售部", superior: company.department });
  const overseas = await make("department", { code: "OVERSEAS", name: "Overseas sales", superior: company.department });
  const finance = await make("department", { code: "FINANCE", name: "财务部", superior: company.department });
  const store = await make("department", { code: "STORE", name: "仓储部", superior: company.department });

  const everybodyReads = [
    "product",
    "product_category",
    "quote_line",
    "order_line",
    "plan_step",
    "price_list",
    "price_rule",
    "unit",
    "tax",
    "payment_term",
    "department",
    "employee",
    "picklist_value",
    "action_type",
    "plan_template",
    "enterprise",
  ].map((kind) => ({ kind, verb: "read", scope: "all" }));
  const selling = (scope: string) => [
    ...["customer", "contact", "quote", "quote_version", "order"].map((kind) => ({ kind, verb: "*", scope })),
    ...["receivable", "receipt", "invoice", "plan", "execution_plan"].map((kind) => ({ kind, verb: "read", scope: "all" })),
    ...everybodyReads,
  ];
  const seller = await make("position", { code: "SALES", name: "销售 Sales", rights: selling("tree") });
  const head = await make("position", { code: "HEAD", name: "销售经理 Sales manager", rights: selling("all") });
  const accountant = await make("position", {
    code: "ACCOUNTS",
    name: "会计 Accountant",
    rights: [
      ...["customer", "contact", "quote", "quote_version", "order"].map((kind) => ({ kind, verb: "read", scope: "all" })),
      ...["invoice", "receipt", "receivable", "allocation", "credit_limit", "credit", "plan", "execution_plan"].map((kind) => ({
        kind,
        verb: "*",
        scope: "all",
      })),
      ...everybodyReads,
    ],
  });
  const storekeeper = await make("position", {
    code: "STORE",
    name: "仓管 Storekeeper",
    rights: [
      ...["customer", "order"].map((kind) => ({ kind, verb: "read", scope: "all" })),
      ...["plan", "execution_plan"].map((kind) => ({ kind, verb: "*", scope: "all" })),
      ...everybodyReads,
    ],
  });

  const person = (code: string, name: string, department: Id, position: Id, job_title: string, superior?: Id) =>
    make("employee", { code, name, department, job_title, superior, positions: [{ holds: position }] });
  const zhouYian = await person("ZHOUYIAN", "周以安", east, seller, "客户代表 Sales");
  const liMu = await person("LIMU", "李牧", east, head, "销售经理 Sales manager");
  await administrator.record.update({ kind: "department", id: east, values: { head: liMu } });
  const amelia = await person("AMELIA", "Amelia Hart", overseas, seller, "Overseas sales", liMu);
  const heMin = await person("HEMIN", "何敏", finance, accountant, "会计 Accountant");
  await person("DINGLI", "丁立", store, storekeeper, "仓管 Storekeeper");

  // What documents are called, in which units, with which taxes and terms.
  for (const [kind, pattern] of [
    ["customer", "C-{#4}"],
    ["quote", "Q-{YYYY}-{#4}"],
    ["order", "S-{YYYY}-{#4}"],
    ["invoice", "INV-{YYYY}-{#4}"],
    ["receipt", "R-{YYYY}-{#4}"],
  ]) {
    await make("numbering_rule", { kind, pattern });
  }
  const choices: [list: string, code: string, en: string, cn: string, tw: string][] = [
    ["payment_method", "transfer", "Bank transfer", "银行转账", "銀行轉帳"],
    ["payment_method", "card", "Card", "刷卡", "刷卡"],
    ["payment_method", "cash", "Cash", "现金", "現金"],
    ["customer_class", "dealer", "Dealer", "经销商", "經銷商"],
    ["customer_class", "chain", "Chain", "连锁", "連鎖"],
    ["region", "east", "East China", "华东", "華東"],
    ["region", "south", "South China", "华南", "華南"],
    ["region", "overseas", "Overseas", "海外", "海外"],
  ];
  for (const [list, code, name_en, name_zh_cn, name_zh_tw] of choices) {
    await make("picklist_value", { list, code, name_en, name_zh_cn, name_zh_tw });
  }
  const piece = await make("unit", { code: "PCS", name: "台" });
  const kilogram = await make("unit", { code: "KG", name: "kg" });
  const box = await make("unit", { code: "BOX", name: "盒" });
  const job = await make("unit", { code: "JOB", name: "次" });
  const goodsTax = await make("tax", { code: "VAT13", name: "增值税 13%", rates: [{ valid_from: "2019-04-01", percent: "13" }] });
  const serviceTax = await make("tax", { code: "VAT6", name: "增值税 6%", rates: [{ valid_from: "2019-04-01", percent: "6" }] });
  const deposit = await make("payment_term", {
    code: "30-70",
    name: "预付 30%，余款 30 天",
    lines: [
      { share: "percent", value: "30" },
      { share: "balance", due: "+30 days" },
    ],
  });
  const thirtyDays = await make("payment_term", {
    code: "NET30",
    name: "30 天 Net 30",
    lines: [{ share: "balance", due: "+30 days" }],
  });
  await make("exchange_rate", { from_currency: "USD", to_currency: "CNY", valid_from: day(-200), rate: "7.12" });
  await make("exchange_rate", { from_currency: "EUR", to_currency: "CNY", valid_from: day(-200), rate: "8.05" });

  // What it sells.
  const machines = await make("product_category", { code: "MACHINES", name: "咖啡机 Machines" });
  const grinders = await make("product_category", { code: "GRINDERS", name: "磨豆机 Grinders" });
  const coffee = await make("product_category", { code: "COFFEE", name: "咖啡豆 Coffee" });
  const supplies = await make("product_category", { code: "SUPPLIES", name: "耗材 Supplies" });
  const services = await make("product_category", { code: "SERVICES", name: "服务 Services" });
  const product = (code: string, name: string, category: Id, unit: Id, list_price: string, more = {}) =>
    make("product", { code, name, category, unit, tax: goodsTax, list_price, currency: "CNY", ...more });
  const twoGroup = await product("ESP-2G", "双头意式咖啡机 ESP-2G", machines, piece, "28600", { cost: "19800" });
  const oneGroup = await product("ESP-1G", "单头意式咖啡机 ESP-1G", machines, piece, "15800", { cost: "10900" });
  const batchBrewer = await product("BRW-20", "商用滴滤机 BRW-20", machines, piece, "6480", { cost: "4100" });
  const grinder83 = await product("GRD-83", "定量磨豆机 GRD-83", grinders, piece, "7450", { cost: "4900" });
  const grinder64 = await product("GRD-64", "磨豆机 GRD-64", grinders, piece, "4280", { cost: "2700" });
  const yunnan = await product("BEAN-YN", "云南保山 日晒 1 kg", coffee, kilogram, "118", { cost: "71" });
  const ethiopia = await product("BEAN-ET", "Ethiopia Guji 1 kg", coffee, kilogram, "156.50", { cost: "98" });
  const filters = await product("FLT-100", "滤纸 100 张", supplies, box, "36.50", { cost: "18" });
  const cleaner = await product("CLN-500", "清洁粉 500 g", supplies, box, "62", { cost: "29" });
  const kettle = await product("KTL-1", "温控手冲壶 KTL-1", supplies, piece, "398", { cost: "210" });
  const installing = await product("SVC-INST", "上门安装与培训", services, job, "1200", {
    tax: serviceTax,
    product_type: "service",
  });

  // At which prices.
  const rule = (code: string, name: string, values: Record<string, unknown>) => make("price_rule", { code, name, ...values });
  await rule("DEALER", "经销商：机器 12% 折扣", {
    category: machines,
    customer_class: "dealer",
    method: "discount_percent",
    value: "12",
  });
  await rule("DEALER-GRD", "经销商：磨豆机 10% 折扣", {
    category: grinders,
    customer_class: "dealer",
    method: "discount_percent",
    value: "10",
  });
  await rule("BEANS", "咖啡豆按量优惠", {
    category: coffee,
    method: "discount_percent",
    tiers: [
      { bound: "20", value: "5" },
      { bound: "50", value: "8" },
      { bound: "100", value: "12" },
    ],
  });
  await rule("AUTUMN", "ESP-1G 促销", {
    product: oneGroup,
    method: "fixed_price",
    value: "14880",
    currency: "CNY",
    valid_from: day(-30),
    valid_until: day(45),
    min_quantity: "2",
  });

  // To whom.
  const owners = { east: zhouYian, south: zhouYian, overseas: amelia };
  const customer = (name: string, region: keyof typeof owners, country: string, city: string, more: Record<string, unknown> = {}) =>
    make("customer", { name, region, country, city, owner: owners[region], currency: "CNY", payment_term: thirtyDays, ...more });
  const qingchuan = await customer("青川咖啡连锁", "east", "CN", "上海", {
    customer_class: "chain",
    payment_term: deposit,
    phone: "021 5550 0136",
    email: "procurement@qingchuan.example",
    address: "武定路 88 号",
  });
  const haitang = await customer("海棠茶咖", "east", "CN", "杭州", { phone: "0571 5550 0192" });
  const bolan = await customer("柏岚酒店用品", "east", "CN", "苏州", { customer_class: "dealer", payment_term: deposit });
  const yulin = await customer("屿林烘焙工坊", "east", "CN", "宁波");
  const nanfeng = await customer("南风商贸", "south", "CN", "广州", { customer_class: "dealer" });
  const muye = await customer("木野书店咖啡", "south", "CN", "深圳");
  const harbour = await customer("Harbourline Hotels", "overseas", "SG", "Singapore", {
    customer_class: "chain",
    payment_term: deposit,
  });
  const kettleAndCo = await customer("Kettle & Co. Roasters", "overseas", "GB", "Leeds", { email: "orders@kettleco.example" });
  const taibei = await customer("和平咖啡館", "overseas", "TW", "台北");
  const nordlys = await customer("Nordlys Kaffe", "overseas", "NO", "Bergen", { currency: "EUR" });
  for (const [name, region, country, city] of [
    ["晨光写字楼服务", "east", "CN", "上海"],
    ["里弄早餐", "east", "CN", "上海"],
    ["云栖会议中心", "east", "CN", "杭州"],
    ["石库门餐饮管理", "east", "CN", "上海"],
    ["榕树下饮品", "south", "CN", "厦门"],
    ["珠江船宴", "south", "CN", "广州"],
    ["Causeway Coworking", "overseas", "HK", "Hong Kong"],
    ["Fjord & Fern Cafés", "overseas", "NO", "Oslo"],
    ["Maple Row Bakery", "overseas", "CA", "Toronto"],
  ] as const) {
    await customer(name, region, country, city);
  }
  const contact = (customer: Id, name: string, job_title: string, more = {}) =>
    make("contact", { customer, name, job_title, main: true, ...more });
  await contact(qingchuan, "苏静", "采购经理", { mobile: "138 0000 0136" });
  await contact(haitang, "陆远", "店主");
  await contact(bolan, "唐晓", "采购");
  await contact(harbour, "Grace Tan", "Head of procurement", { email: "grace.tan@harbourline.example" });
  await contact(kettleAndCo, "Owen Price", "Owner");
  await administrator.credit.set_limit({ customer: qingchuan, amount: "150000.00" });
  await administrator.credit.set_limit({ customer: haitang, amount: "20000.00" });

  // How orders are carried out.
  const delivering = await make("action_type", { code: "OUT", name: "发货", effect_delivery: "out" });
  const invoicing = await make("action_type", { code: "INV", name: "开票", effect_invoice: true });
  await make("plan_template", {
    code: "STANDARD",
    name: "标准 Standard",
    steps: [
      { action: delivering, label: "发货", due: "+7 days" },
      { action: invoicing, label: "开票", due: "+8 days" },
    ],
  });

  // Business of the last months.
  const [zhou, li, hart, he] = [as(zhouYian), as(liMu), as(amelia), as(heMin)];
  type Lines = { product: Id; quantity: string; discount_percent?: string }[];
  const lines = (...pairs: [Id, string, string?][]): Lines =>
    pairs.map(([product, quantity, discount_percent]) => ({ product, quantity, discount_percent }));
  const quote = async (by: Session, customer: Id, subject: string, days: number, of: Lines) =>
    (await by.quote.create({ customer, subject, valid_until: day(days), lines: of })).quote.id;
  const order = async (by: Session, customer: Id, of: Lines) => {
    const made = (await by.order.submit({ customer, lines: of })).order.id;
    await li.order.approve({ order: made });
    return made;
  };
  const billed = async (made: Id, dueIn: number) => {
    moment += 2 * DAY;
    return (await he.invoice.issue({ order: made, due_date: day(Math.round((moment - today) / DAY) + dueIn) })).receivables[0]!.id;
  };

  goBack(75);
  const first = await billed(await order(zhou, qingchuan, lines([oneGroup, "2"], [grinder64, "2"], [yunnan, "40"])), 30);
  goBack(44);
  await he.receipt.record({
    customer: qingchuan,
    amount: "25000.00",
    method: "transfer",
    allocations: [{ receivable: first, amount: "25000.00" }],
  });
  goBack(62);
  const second = await billed(await order(zhou, haitang, lines([batchBrewer, "1"], [filters, "30"])), 30);
  goBack(35);
  await he.receipt.record({
    customer: haitang,
    amount: "5000.00",
    method: "transfer",
    allocations: [{ receivable: second, amount: "5000.00" }],
  });
  goBack(58);
  await billed(await order(zhou, nanfeng, lines([grinder83, "3"], [cleaner, "24"])), 30);
  goBack(40);
  const abroad = await billed(await order(hart, kettleAndCo, lines([kettle, "60"], [filters, "200"])), 30);
  goBack(12);
  await he.receipt.record({
    customer: kettleAndCo,
    amount: "20000.00",
    method: "transfer",
    allocations: [{ receivable: abroad, amount: "20000.00" }],
  });
  goBack(18);
  await billed(await order(zhou, qingchuan, lines([ethiopia, "60"], [cleaner, "12"])), 30);
  goBack(9);
  const planned = await order(zhou, bolan, lines([twoGroup, "1"], [grinder83, "1"], [installing, "1"]));
  await administrator.plan.make({ order: planned, payment_term: deposit });

  goBack(21);
  const accepted = await quote(
    hart,
    harbour,
    "Lobby bars, phase one",
    20,
    lines([twoGroup, "2"], [grinder83, "4"], [installing, "2"]),
  );
  await hart.quote.submit({ quote: accepted });
  await li.quote.approve({ quote: accepted });
  await hart.quote.send({ quote: accepted });
  goBack(11);
  await hart.quote.accept({ quote: accepted });
  goBack(6);
  const sent = await quote(zhou, nanfeng, "秋季补货", 24, lines([oneGroup, "3"], [yunnan, "80"]));
  await zhou.quote.submit({ quote: sent });
  await li.quote.approve({ quote: sent });
  await zhou.quote.send({ quote: sent });
  goBack(3);
  const approved = await quote(zhou, muye, "书店吧台", 27, lines([oneGroup, "1"], [grinder64, "1"], [kettle, "2"]));
  await zhou.quote.submit({ quote: approved });
  await li.quote.approve({ quote: approved });
  goBack(2);
  const waiting = await quote(hart, taibei, "門市更新設備", 28, lines([twoGroup, "1"], [grinder64, "2"], [ethiopia, "20", "3"]));
  await hart.quote.submit({ quote: waiting });
  goBack(1);
  const alsoWaiting = await quote(
    zhou,
    yulin,
    "烘焙工坊 第二家店",
    29,
    lines([batchBrewer, "2"], [yunnan, "100"], [filters, "40"]),
  );
  await zhou.quote.submit({ quote: alsoWaiting });
  goBack(0);
  await quote(zhou, qingchuan, "静安新店开业", 30, lines([twoGroup, "1"], [grinder83, "2"]));
  await quote(hart, nordlys, "Spring range", 30, lines([kettle, "24"], [ethiopia, "50"]));
  await order(zhou, muye, lines([yunnan, "20"], [filters, "10"]));
}
