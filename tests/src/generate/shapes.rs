//! The shapes of JSON fields, each by the message or kind in which the field stands. In a list it is the shape of an item.

use super::shape::{Member, Object, Shape};
use crm_domain::analytics::RunReport;
use crm_domain::pricing::{FreeReturns, PriceBase, PriceMethod, TierBound, TierMode};
use crm_kernel::record::{Choice, Record};

/// What a field of a message or kind holds; none where it may hold anything.
pub fn of(whole: &str, field: &str) -> Option<Shape> {
    SHAPES.iter().find(|(w, f, _)| (*w, *f) == (whole, field)).map(|(.., shape)| *shape)
}

/// Every field with a shape.
pub const SHAPES: &[(&str, &str, Shape)] = &[
    ("record_describe_answer", "fields", Shape::Object(&FIELD_DESCRIPTION)),
    ("history_entry", "fields", Shape::Object(&FIELD_CHANGE)),
    ("history_entry", "lines", Shape::OneOf(&[&LINE_HISTORY, &LINES_REORDERED])),
    ("import_answer", "problems", Shape::Object(&ROW_PROBLEM)),
    ("import_field", "map", Shape::Members(&Shape::Text)),
    ("report_answer", "columns", Shape::Object(&REPORT_COLUMN)),
    ("report_answer", "rows", Shape::List(&Shape::Any)),
    ("saved_report", "definition", Shape::Request(RunReport::def)),
    ("price_get_answer", "derivation", Shape::Object(&DERIVATION)),
    ("price_why_not_answer", "derivation", Shape::Object(&DERIVATION)),
    ("priced_document_line", "derivation", Shape::Object(&DERIVATION)),
    ("price_verify", "derivation", LINE_DERIVATION),
    ("quote_line", "derivation", LINE_DERIVATION),
    ("order_line", "derivation", LINE_DERIVATION),
    ("quote_line", "document_effects", Shape::List(&Shape::Object(&LINE_EFFECT))),
    ("order_line", "document_effects", Shape::List(&Shape::Object(&LINE_EFFECT))),
    ("quote_line", "tax_parts", Shape::List(&Shape::Object(&TAX_PART))),
    ("order_line", "tax_parts", Shape::List(&Shape::Object(&TAX_PART))),
    ("invoice_line", "tax_parts", Shape::List(&Shape::Object(&TAX_PART))),
    ("quote_version", "charges_taxes", Shape::List(&Shape::Object(&TAX_PART))),
    ("order", "charges_taxes", Shape::List(&Shape::Object(&TAX_PART))),
    ("invoice", "charges_taxes", Shape::List(&Shape::Object(&TAX_PART))),
    ("quote_version", "policy", Shape::Object(&POLICY)),
    ("order", "policy", Shape::Object(&POLICY)),
    ("price_lint_fault", "witness", Shape::OneOf(&[&LINT_QUESTION, &LINT_CLIFF])),
    ("price_offer", "values", Shape::Values("price_rule")),
    ("price_replay", "added", Shape::Values("price_rule")),
    ("price_replay_changed", "values", Shape::Values("price_rule")),
    ("quote_change", "values", Shape::Values("quote")),
    ("quote_set_terms", "values", Shape::Values("quote_version")),
    ("quote_change_line", "values", Shape::Values("quote_line")),
    ("order_change", "values", Shape::Values("order")),
    ("order_change_line", "values", Shape::Values("order_line")),
];

const LINE_DERIVATION: Shape = Shape::OneOf(&[&DERIVATION, &PRICE_BY_HAND, &IMPORTED_PRICE, &FREE_GOODS]);

const fn member(name: &'static str, shape: Shape, doc: &'static str) -> Member {
    Member::new(name, shape, doc)
}

static FIELD_DESCRIPTION: Object = Object {
    name: "field_description",
    doc: "A field of a kind.",
    members: &[
        member("no", Shape::Int, "Its number, which never changes."),
        member("name", Shape::Text, "Its name in requests, answers and expressions."),
        member("label", Shape::Text, "What people read, in the caller's language."),
        member("description", Shape::Text, "What it is, in English."),
        member("type", Shape::Words(FIELD_TYPES), "Its type; further members are those of the type."),
        member("required", Shape::Bool, "A record without it is refused."),
        member("managed", Shape::Bool, "It is set by operations only."),
        member("to", Shape::Text, "For `lines`, and for a `reference` to one kind: that kind.")
            .optional()
            .nullable(),
        member("picklist", Shape::Text, "For `picklist`: the list.").optional(),
        member("digits", Shape::Int, "For `decimal` and `money`: digits in all.").optional(),
        member("decimals", Shape::Int, "For `decimal` and `money`: decimals among them.").optional(),
        member("longest", Shape::Int, "For `text`: how many characters at most.").optional(),
        member("options", Shape::List(&Shape::Object(&OPTION)), "For `choice`: what can be chosen.")
            .optional(),
    ],
};

const FIELD_TYPES: &[&str] = &[
    "boolean",
    "integer",
    "money",
    "decimal",
    "text",
    "choice",
    "picklist",
    "currency",
    "date",
    "instant",
    "reference",
    "json",
    "lines",
];

static OPTION: Object = Object {
    name: "option_description",
    doc: "What can be chosen.",
    members: &[
        member("code", Shape::Text, "The code."),
        member("label", Shape::Text, "What people read, in the caller's language."),
    ],
};

static FIELD_CHANGE: Object = Object {
    name: "field_change",
    doc: "What a change made of a field.",
    members: &[
        member("field", Shape::Text, "The field."),
        member("old", Shape::Any, "Its value before; null where it had none."),
        member("new", Shape::Any, "Its value after; null where it has none."),
    ],
};

static LINE_HISTORY: Object = Object {
    name: "line_history",
    doc: "What a change made of a line.",
    members: &[
        member("field", Shape::Text, "The field whose line it is."),
        member("line", Shape::Int, "The line's number."),
        member("action", Shape::Words(&["added", "changed", "removed"]), "What became of it."),
        member("fields", Shape::List(&Shape::Object(&FIELD_CHANGE)), "The fields that changed."),
    ],
};

static LINES_REORDERED: Object = Object {
    name: "lines_reordered",
    doc: "A change of the order of lines.",
    members: &[
        member("field", Shape::Text, "The field whose lines they are."),
        member("action", Shape::Words(&["reordered"]), "They stand in another order."),
        member("order", Shape::List(&Shape::Int), "Their numbers as they stand now."),
    ],
};

static ROW_PROBLEM: Object = Object {
    name: "row_problem",
    doc: "Why a row or document of an import is refused: an error, and where in the files.",
    members: &[
        member("file", Shape::Text, "The file."),
        member("row", Shape::Int, "The row, counted from the header, which is row 1."),
        member("column", Shape::Text, "The column, where one is at fault.").nullable(),
        member("key", Shape::Text, "The key of the record, where it was read.").nullable(),
        member(
            "document_row",
            Shape::Int,
            "The row of the document, where the fault stands in a line of it.",
        )
        .optional(),
        member("class", Shape::Text, "The class of the error."),
        member("code", Shape::Text, "Its code."),
        member("message", Shape::Text, "What people read, in the caller's language."),
        member("details", Shape::Members(&Shape::Any), "Facts about it."),
    ],
};

static REPORT_COLUMN: Object = Object {
    name: "report_column",
    doc: "A column of a report.",
    members: &[
        member("name", Shape::Text, "What the request calls it."),
        member(
            "type",
            Shape::Words(COLUMN_TYPES),
            "The type of its values: `integer` are JSON numbers, `decimal` texts.",
        ),
    ],
};

const COLUMN_TYPES: &[&str] =
    &["boolean", "integer", "decimal", "text", "date", "instant", "reference", "null"];

static DERIVATION: Object = Object {
    name: "derivation",
    doc: "How a price came about.",
    members: &[
        member("version", Shape::Int, "The form in which it is written; 1 where it says nothing.").optional(),
        member("strategy", Shape::Text, "The strategy that chose among the rules."),
        member("date", Shape::Date, "The pricing date."),
        member("currency", Shape::Currency, "The currency of all prices that name no other."),
        member("quantity", Shape::Decimal, "How many were asked for."),
        member("unit", Shape::Id, "In which unit; null for none.").nullable(),
        member("rules", Shape::List(&Shape::Object(&CONSIDERED_RULE)), "Every rule that was looked at."),
        member(
            "effects",
            Shape::List(&Shape::OneOf(&[
                &LIST_PRICE,
                &CONVERSION,
                &RULE_EFFECT,
                &ALLOCATION,
                &MANUAL_PRICE,
                &FREE_GOODS_EFFECT,
                &FREE_GOODS_LEFT_OUT,
            ])),
            "What made the price, in order: each from where the one before left it.",
        ),
        member("rounding", Shape::List(&Shape::Object(&ROUNDING_STEP)), "Every rounding."),
        member("list_price", Shape::Exact, "The list price in the unit asked for; null where there is none.")
            .nullable(),
        member("unit_price", Shape::Exact, "The price of one."),
        member("change", Shape::Int, "The last change set when it was made: the rules are those of then."),
        member("facts", Shape::Object(&FACTS), "What the rules were asked about, for `price.verify`."),
    ],
};

static CONSIDERED_RULE: Object = Object {
    name: "considered_rule",
    doc: "What became of a rule.",
    members: &[
        member("rule", Shape::Id, "The rule."),
        member("code", Shape::Text, "What people call it."),
        member("taken", Shape::Bool, "It makes the price or takes effect on it."),
        member(
            "reason",
            Shape::Text,
            "Why it was not taken: `expired`, `below_min_quantity`, `beaten`, `excluded`, `tied` and others.",
        )
        .optional(),
        member("by", Shape::Text, "For `beaten` the key of the strategy, for `excluded` the group.")
            .optional(),
        member(
            "decided_by",
            Shape::Text,
            "Which last resort chose it among equals: that of the strategy, or of its group.",
        )
        .optional(),
    ],
};

static LIST_PRICE: Object = Object {
    name: "list_price_effect",
    doc: "What the product itself says.",
    members: &[
        member("stage", Shape::Words(&["list"]), "The list price."),
        member("currency", Shape::Currency, "Its currency."),
        member("price", Shape::Exact, "The price."),
    ],
};

static CONVERSION: Object = Object {
    name: "conversion_effect",
    doc: "The list price in the currency asked for.",
    members: &[
        member("stage", Shape::Words(&["conversion"]), "A conversion."),
        member("currency", Shape::Currency, "Into which currency."),
        member("rate", Shape::Exact, "The exchange rate."),
        member("price", Shape::Exact, "The price after it."),
    ],
};

static RULE_EFFECT: Object = Object {
    name: "rule_effect",
    doc: "What a rule made of the price: the one that was chosen, or one of a later stage.",
    members: &[
        member(
            "stage",
            Shape::Words(&["rule", "contract", "volume", "promotion", "partner"]),
            "`rule` for the one that makes the price, else the stage.",
        ),
        member("rule", Shape::Id, "The rule."),
        member("code", Shape::Text, "What people call it."),
        member("method", Shape::Choice(PriceMethod::DEF), "What its value does."),
        member("value", Shape::Decimal, "Its value, where it has no tiers.").optional(),
        member("mode", Shape::Choice(TierMode::DEF), "How its tiers count.").optional(),
        member("bounds", Shape::Choice(TierBound::DEF), "What the bounds of its tiers are.").optional(),
        member("tiers", Shape::List(&Shape::Object(&TIER)), "Its tiers.").optional(),
        member("package", Shape::Decimal, "The price is that of a package of so many.").optional(),
        member("round_to", Shape::Decimal, "The price is then made a multiple of this.").optional(),
        member("round_mode", Shape::Text, "How: `half_up` and others; `half-up` before version 3.")
            .optional(),
        member("then_add", Shape::Decimal, "What is then added.").optional(),
        member("min_margin", Shape::Decimal, "At least so much above what the price starts from.").optional(),
        member("max_margin", Shape::Decimal, "At most so much above it.").optional(),
        member(
            "of",
            Shape::Choice(PriceBase::DEF),
            "In a later stage: what per cents and amounts start from.",
        )
        .optional(),
        member("capped", Shape::Bool, "True where the price would have fallen below zero.").optional(),
        member("base", Shape::Exact, "The price before it."),
        member("price", Shape::Exact, "The price after it."),
        member("share", Shape::Exact, "What it made of the price of one: the difference."),
    ],
};

static TIER: Object = Object {
    name: "derivation_tier",
    doc: "A tier of a rule.",
    members: &[
        member("bound", Shape::Decimal, "Its bound; null for one without end.").nullable(),
        member("value", Shape::Decimal, "Its value."),
        member("flat_fee", Shape::Decimal, "What is due once it is entered.").optional(),
    ],
};

static ALLOCATION: Object = Object {
    name: "allocation_effect",
    doc: "The line's part of what the rule before made of several lines together.",
    members: &[
        member("stage", Shape::Words(&["allocation"]), "A part."),
        member("amount", Shape::Decimal, "How much of it falls on the line."),
        member("base", Shape::Exact, "The price before it."),
        member("price", Shape::Exact, "The price after it."),
        member("share", Shape::Exact, "The difference."),
    ],
};

static MANUAL_PRICE: Object = Object {
    name: "manual_price_effect",
    doc: "A price set by hand over the one that the rules gave.",
    members: &[
        member("stage", Shape::Words(&["manual"]), "By hand."),
        member("base", Shape::Decimal, "The price that it replaced; `0` where there was none."),
        member("exact", Shape::Exact, "The same, exactly."),
        member("price", Shape::Decimal, "The price that was set."),
        member("share", Shape::Decimal, "The difference."),
        member("by", Shape::Id, "The employee who set it."),
        member("reason", Shape::Text, "Why."),
    ],
};

static FREE_GOODS_EFFECT: Object = Object {
    name: "free_goods_effect",
    doc: "Free goods that come with the line: an effect that changes no price.",
    members: &[
        member("stage", Shape::Words(&["promotion"]), "The stage of their rule."),
        member("rule", Shape::Id, "The rule."),
        member("code", Shape::Text, "What people call it."),
        member("method", Shape::Words(&["free_goods"]), "What its value does."),
        member("value", Shape::Decimal, "Its value."),
        member("product", Shape::Id, "What is free."),
        member("unit", Shape::Id, "In which unit; null for the product's.").nullable(),
        member("free", Shape::Decimal, "How many."),
    ],
};

static FREE_GOODS_LEFT_OUT: Object = Object {
    name: "free_goods_left_out",
    doc: "Free goods that would have come with the line.",
    members: &[
        member("stage", Shape::Words(&["free_goods_left_out"]), "They were left out."),
        member("rule", Shape::Id, "The rule that gives them."),
        member("code", Shape::Text, "What people call it."),
        member("product", Shape::Id, "What it gives."),
        member("free", Shape::Decimal, "How many."),
        member(
            "reason",
            Shape::Words(&["retired", "gone"]),
            "Why not: the product is no longer sold, or deleted.",
        ),
    ],
};

static ROUNDING_STEP: Object = Object {
    name: "rounding_step",
    doc: "A rounding.",
    members: &[
        member(
            "of",
            Shape::Words(&["price", "unit_price"]),
            "Of the price that the rules made, or of the column that keeps it.",
        ),
        member("decimals", Shape::Int, "To how many decimals."),
        member("mode", Shape::Text, "How: `half_up` and others; `half-up` before version 3."),
        member("exact", Shape::Exact, "Before."),
        member("shown", Shape::Exact, "After."),
    ],
};

static FACTS: Object = Object {
    name: "price_facts",
    doc: "What price rules are asked about. What is none or nothing is left out.",
    members: &[
        member("product", Shape::Id, "The product."),
        member("template", Shape::Id, "The one of which it is a variant.").optional(),
        member("categories", Shape::List(&Shape::Id), "Its category and those above.").optional(),
        member("customer", Shape::Id, "The customer.").optional(),
        member("class", Shape::Text, "The customer's class.").optional(),
        member("seller", Shape::Id, "The seller.").optional(),
        member("positions", Shape::List(&Shape::Id), "The seller's positions.").optional(),
        member("list", Shape::Id, "The price list that was named.").optional(),
        member("lists", Shape::List(&Shape::Object(&OPEN_LIST)), "Price lists that are open.").optional(),
        member(
            "quantities",
            Shape::List(&Shape::Tuple { items: &[("unit", Shape::Text), ("quantity", Shape::Decimal)], more: None }),
            "The quantity in each unit that rules ask for; `0` is the product's own.",
        ),
        member(
            "ratios",
            Shape::List(&Shape::Tuple { items: &[("unit", Shape::Text), ("ratio", Shape::Exact)], more: None }),
            "How many of the product's unit one of a unit is, where quantities are rounded.",
        )
        .optional(),
        member("asked", Shape::Decimal, "The quantity in the unit asked for."),
        member("ratio", Shape::Exact, "The same for the unit asked for.").optional(),
        member(
            "measured",
            Shape::List(&Shape::Tuple {
                items: &[("rule", Shape::Id), ("whole", Shape::Decimal), ("own", Shape::Decimal)],
                more: Some(("before", &Shape::Decimal)),
            }),
            "By rule, what its bounds and tiers look at where that is not the quantity: of all that is counted together, of the line, and of documents before.",
        )
        .optional(),
        member("base", Shape::Exact, "The list price of one in the product's unit.").optional(),
        member("conditions", Shape::List(&Shape::Id), "The rules whose condition holds.").optional(),
        member("manual", Shape::Bool, "True where the seller gives a discount on the line.").optional(),
        member(
            "allocated",
            Shape::List(&Shape::Tuple { items: &[("rule", Shape::Id), ("amount", Shape::Decimal)], more: None }),
            "The line's parts of what rules make of several lines together.",
        )
        .optional(),
    ],
};

static OPEN_LIST: Object = Object {
    name: "open_list",
    doc: "A price list that is open.",
    members: &[
        member("list", Shape::Id, "The list."),
        member("axes", Shape::Int, "How closely it speaks of the buyer."),
        member("sale", Shape::Bool, "True for a list of a sale.").optional(),
        member("base", Shape::Id, "The list on which it builds.").optional(),
        member("shadows", Shape::Bool, "What it says of a product hides what that list says.").optional(),
    ],
};

static PRICE_BY_HAND: Object = Object {
    name: "price_by_hand",
    doc: "A price set by hand where the rules gave none.",
    members: &[member(
        "effects",
        Shape::List(&Shape::OneOf(&[&MANUAL_PRICE, &FREE_GOODS_LEFT_OUT])),
        "Who set it, and what else became of the line.",
    )],
};

static IMPORTED_PRICE: Object = Object {
    name: "imported_price",
    doc: "A price that an import brought.",
    members: &[member("source", Shape::Words(&["import"]), "An import.")],
};

static FREE_GOODS: Object = Object {
    name: "free_goods_derivation",
    doc: "Why a line is free.",
    members: &[
        member("source", Shape::Words(&["free_goods"]), "A rule gives it."),
        member("rule", Shape::Id, "The rule."),
        member("code", Shape::Text, "What people call it."),
        member("of", Shape::Int, "The number of the line that it comes with."),
        member("included", Shape::Bool, "True where it is part of what was asked for of that line."),
        member("step", Shape::Decimal, "It is given in multiples of this."),
        member("value", Shape::Decimal, "So many are free ..."),
        member("per", Shape::Decimal, "... for every so many that are charged; 0 where that is not known."),
        member("returns", Shape::Choice(FreeReturns::DEF), "What becomes of it when that line comes back."),
    ],
};

static LINE_EFFECT: Object = Object {
    name: "line_effect",
    doc: "What a rule takes off a line together with others.",
    members: &[
        member("rule", Shape::Id, "The rule."),
        member("code", Shape::Text, "What people call it."),
        member("percent", Shape::Exact, "Per cent of every line.").optional(),
        member("value", Shape::Decimal, "An amount off all its lines together.").optional(),
        member("each", Shape::Bool, "True where the amount is off this line alone.").optional(),
        member("group", Shape::Text, "Of the rule's lines those with the same are judged together.")
            .optional(),
        member(
            "running",
            Shape::Bool,
            "Per cents are of what the effects before left, else of the line nets.",
        ),
        member("priority", Shape::Int, "The larger, the earlier.").nullable(),
        member("amount", Shape::Decimal, "What that is on the line."),
        member("excluded_by", Shape::Text, "The exclusion group that leaves it out: it takes nothing off.")
            .optional(),
        member(
            "decided_by",
            Shape::Words(&["oldest", "newest"]),
            "The last resort of its exclusion group, where that named it among equals.",
        )
        .optional(),
    ],
};

static TAX_PART: Object = Object {
    name: "tax_part",
    doc: "One of the taxes that a line's tax is made of, or of those on charges.",
    members: &[
        member("tax", Shape::Id, "The tax; null for one that is only known by its rate.").nullable(),
        member("percent", Shape::Decimal, "Its rate on the document's date."),
        member("on_taxes", Shape::Bool, "True where it is also on the taxes before it."),
        member("amount", Shape::Decimal, "What it comes to."),
    ],
};

static POLICY: Object = Object {
    name: "document_policy",
    doc: "How the amounts of a document are calculated, in the words of the settings.",
    members: &[
        member("rounding", Shape::Text, "How they are posted: half_up, half_even, exact."),
        member("tax_calculation", Shape::Text, "Where tax is rounded: per_line, per_document."),
        member("tax_base", Shape::Text, "What tax is of: rounded, unrounded."),
        member(
            "allocation",
            Shape::Text,
            "How amounts are shared out: largest_remainder, last_absorbs, smooth.",
        ),
    ],
};

static LINT_QUESTION: Object = Object {
    name: "lint_question",
    doc: "A question that shows a fault. What does not matter is left out.",
    members: &[
        member("product", Shape::Id, "The product.").optional(),
        member("category", Shape::Id, "The category.").optional(),
        member("customer", Shape::Id, "The customer.").optional(),
        member("customer_class", Shape::Text, "The customer's class.").optional(),
        member("region", Shape::Text, "The customer's region.").optional(),
        member("positions", Shape::List(&Shape::Id), "The seller's positions.").optional(),
        member("list", Shape::Id, "The price list that is named.").optional(),
        member("conditions", Shape::List(&Shape::Id), "Rules whose condition holds.").optional(),
        member("date", Shape::Date, "The day.").optional(),
        member("quantity", Shape::Decimal, "How many."),
        member("measured", Shape::List(&Shape::Object(&LINT_MEASURED)), "What rules count instead of it.")
            .optional(),
        member("currency", Shape::Currency, "The currency."),
        member("price", Shape::Decimal, "For `floor` and `negative`: the price.").optional(),
        member("floor", Shape::Decimal, "For `floor`: what it falls below.").optional(),
    ],
};

static LINT_MEASURED: Object = Object {
    name: "lint_measured",
    doc: "What a rule counts instead of the quantity.",
    members: &[member("rule", Shape::Id, "The rule."), member("measured", Shape::Decimal, "What it counts.")],
};

static LINT_CLIFF: Object = Object {
    name: "lint_cliff",
    doc: "A bound behind which more costs less.",
    members: &[
        member("product", Shape::Id, "The product.").optional(),
        member("category", Shape::Id, "The category.").optional(),
        member("customer", Shape::Id, "The customer.").optional(),
        member("customer_class", Shape::Text, "The customer's class.").optional(),
        member("region", Shape::Text, "The customer's region.").optional(),
        member("positions", Shape::List(&Shape::Id), "The seller's positions.").optional(),
        member("list", Shape::Id, "The price list that is named.").optional(),
        member("conditions", Shape::List(&Shape::Id), "Rules whose condition holds.").optional(),
        member("date", Shape::Date, "The day.").optional(),
        member("quantity", Shape::Decimal, "The bound, as the question asks for it.").optional(),
        member("measured", Shape::List(&Shape::Object(&LINT_MEASURED)), "What rules count instead of it.")
            .optional(),
        member("currency", Shape::Currency, "The currency.").optional(),
        member("bound", Shape::Decimal, "The quantity that costs less."),
        member("before", Shape::Exact, "What one less costs, or the nearest quantity before."),
        member("behind", Shape::Exact, "What the bound costs."),
        member("dear_from", Shape::Decimal, "From this quantity on, the bound costs less."),
    ],
};
