-- The schema of the engine's SQLite files, made from the catalogue.
-- Numbers are integers, scaled by the decimals of their field. Dates are days since 1970-01-01, instants
-- milliseconds since 1970-01-01 UTC, booleans 0 and 1. Ids are 64-bit integers.

-- Notes of the engine about this file: the revision of definitions, the fingerprint of the catalogue.
CREATE TABLE meta(key TEXT PRIMARY KEY NOT NULL, value ANY NOT NULL) STRICT, WITHOUT ROWID;

-- Which table holds which kind, by the kind's stable number.
CREATE TABLE schema_kind(kind INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;

-- Which column holds which field, by its stable number: a renamed field is a renamed column.
CREATE TABLE schema_field(kind INTEGER NOT NULL, field INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, not_null INTEGER NOT NULL, PRIMARY KEY(kind, field)) STRICT, WITHOUT ROWID;

-- The change log: what each operation changed, the records in compact binary form.
CREATE TABLE change_set(no INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor INTEGER NOT NULL, on_behalf INTEGER NOT NULL, operation TEXT NOT NULL, reason TEXT, body BLOB NOT NULL) STRICT;

-- The last number taken of each sequence.
CREATE TABLE sequence(name TEXT PRIMARY KEY NOT NULL, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Deleted records: the change set that deleted each, the head of its history.
CREATE TABLE tombstone(kind INTEGER NOT NULL, id INTEGER NOT NULL, change_set INTEGER NOT NULL, PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;

-- A company, branch or department: a node of the organisation's tree.
CREATE TABLE "departments"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The department above; none at the top.
    "superior" INTEGER REFERENCES "departments"("id"),
    -- The head: approver where a step says department head.
    "head" INTEGER REFERENCES "employees"("id"),
    -- False once it is closed; its history stays.
    "active" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_departments_code" ON "departments"("code");
CREATE INDEX "ix_departments_superior" ON "departments"("superior");

-- A position: a bundle of rights that employees hold.
CREATE TABLE "positions"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The department from which its scopes are measured, where the holding names none.
    "department" INTEGER REFERENCES "departments"("id"),
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_positions_code" ON "positions"("code");

-- One right of a position.
CREATE TABLE "position_rights"(
    "parent" INTEGER NOT NULL REFERENCES "positions"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The kind of record, or the area's word where an operation needs one (`import`, `report`); `*` for all.
    "kind" TEXT NOT NULL,
    -- The verb (`read`, `create`, `update`, `delete`, `export`, `submit`, `approve`, ...); `*` for all.
    "verb" TEXT NOT NULL,
    -- How far it reaches.
    "scope" TEXT NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- Somebody who works here and may act.
CREATE TABLE "employees"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- Where he or she works.
    "department" INTEGER NOT NULL REFERENCES "departments"("id"),
    -- To whom he or she reports; where none, the head of the department.
    "superior" INTEGER REFERENCES "employees"("id"),
    -- The kind of person (own staff, agency, outside), from the picklist.
    "person_type" TEXT,
    -- The title on the card.
    "job_title" TEXT,
    -- Sales region.
    "region" TEXT,
    -- Mail address.
    "email" TEXT,
    -- Telephone.
    "phone" TEXT,
    -- False once he or she has left: no right, no approval.
    "active" INTEGER NOT NULL,
    -- Takes over open approvals once inactive.
    "successor" INTEGER REFERENCES "employees"("id"),
    -- Notes.
    "notes" TEXT,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_employees_code" ON "employees"("code");
CREATE INDEX "ix_employees_name" ON "employees"("name");
CREATE INDEX "ix_employees_department" ON "employees"("department");
CREATE INDEX "ix_employees_superior" ON "employees"("superior");

-- A position held by an employee.
CREATE TABLE "holdings"(
    "parent" INTEGER NOT NULL REFERENCES "employees"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The position.
    "holds" INTEGER NOT NULL REFERENCES "positions"("id"),
    -- The department from which its scopes are measured; else the position's, else the employee's.
    "department" INTEGER REFERENCES "departments"("id"),
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- A condition that takes records away from whoever it binds, whatever the positions give: a company line, a legal hold. All restrictions on a kind hold at once, and none of them gives anything.
CREATE TABLE "restrictions"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The kind of record; what follows it in access, and its lines, are restricted with it.
    "kind" TEXT NOT NULL,
    -- The condition over the kind: for whom it binds, only records for which it holds exist.
    "condition" TEXT NOT NULL,
    -- Whom it binds: the holders of this position; everybody where none is named.
    "holders" INTEGER REFERENCES "positions"("id"),
    -- False once it is lifted; its history stays.
    "active" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_restrictions_code" ON "restrictions"("code");

-- The enterprise: exactly one record.
CREATE TABLE "enterprise"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The currency of its books.
    "base_currency" TEXT NOT NULL,
    -- The zone of its business dates, by IANA name.
    "zone" TEXT NOT NULL,
    -- How posted amounts are rounded.
    "rounding" TEXT NOT NULL,
    -- True once amounts were posted exactly and no longer are: what follows from documents of that time keeps its four decimals.
    "posted_exactly" INTEGER NOT NULL
) STRICT;

-- A decision of the enterprise, by key; keys never set have their defaults.
CREATE TABLE "settings"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The key, such as `order.approval`.
    "key" TEXT NOT NULL,
    -- The value.
    "value" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_settings_key" ON "settings"("key");

-- How the records of a kind are numbered.
CREATE TABLE "numbering_rules"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The kind's name; one rule a kind.
    "kind" TEXT NOT NULL,
    -- How a number looks: text and the tokens `{YYYY}`, `{YY}`, `{MM}`, `{DD}`, `{department}` (its code) and one counter `{#n}` of at least `n` digits.
    "pattern" TEXT NOT NULL,
    -- When the counter starts again at 1.
    "reset" TEXT NOT NULL,
    -- True where a number goes back when the operation that took it fails; false where it is lost then.
    "gapless" INTEGER NOT NULL,
    -- A number given before or elsewhere: the counter that it shows goes on above it. Never lowers a counter.
    "last_used" TEXT
) STRICT;
CREATE UNIQUE INDEX "ix_numbering_rules_kind" ON "numbering_rules"("kind");

-- A unit of measure. Units with the same base unit convert into each other.
CREATE TABLE "units"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The unit in which this one is counted; none for a unit of its own.
    "base" INTEGER REFERENCES "units"("id"),
    -- How many base units one of this is; above zero. (9 decimals)
    "factor" INTEGER NOT NULL,
    -- False once it is no longer used.
    "active" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_units_code" ON "units"("code");
CREATE INDEX "ix_units_base" ON "units"("base");

-- An exchange rate from a date on, until the next one.
CREATE TABLE "exchange_rates"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The currency that is converted.
    "from_currency" TEXT NOT NULL,
    -- The currency it becomes.
    "to_currency" TEXT NOT NULL,
    -- The first day on which it holds.
    "valid_from" INTEGER NOT NULL,
    -- How many of `to_currency` one of `from_currency` is; above zero. (12 decimals)
    "rate" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_exchange_rates_from_currency_to_currency_valid_from" ON "exchange_rates"("from_currency", "to_currency", "valid_from");

-- A tax with its rates over time.
CREATE TABLE "taxes"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- False once it is no longer used.
    "active" INTEGER NOT NULL,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_taxes_code" ON "taxes"("code");

-- The rate of a tax from a date on, until the next one.
CREATE TABLE "tax_rates"(
    "parent" INTEGER NOT NULL REFERENCES "taxes"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The first day on which it holds.
    "valid_from" INTEGER NOT NULL,
    -- Per cent of the net amount. (6 decimals)
    "percent" INTEGER NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- One option of a list that the enterprise edits.
CREATE TABLE "picklist_values"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The list, such as `region`.
    "list" TEXT NOT NULL,
    -- What is stored: it never changes, whatever the names become.
    "code" TEXT NOT NULL,
    -- The name in English.
    "name_en" TEXT NOT NULL,
    -- The name in simplified Chinese.
    "name_zh_cn" TEXT NOT NULL,
    -- The name in traditional Chinese.
    "name_zh_tw" TEXT NOT NULL,
    -- Where it stands among the others, ascending.
    "sort_order" INTEGER NOT NULL,
    -- True once it can no longer be chosen.
    "retired" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_picklist_values_list_code" ON "picklist_values"("list", "code");

-- Which days are working days.
CREATE TABLE "calendars"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The calendar taken where none is named; at most one is.
    "is_default" INTEGER NOT NULL,
    -- Mondays are working days.
    "monday" INTEGER NOT NULL,
    -- Tuesdays are working days.
    "tuesday" INTEGER NOT NULL,
    -- Wednesdays are working days.
    "wednesday" INTEGER NOT NULL,
    -- Thursdays are working days.
    "thursday" INTEGER NOT NULL,
    -- Fridays are working days.
    "friday" INTEGER NOT NULL,
    -- Saturdays are working days.
    "saturday" INTEGER NOT NULL,
    -- Sundays are working days.
    "sunday" INTEGER NOT NULL,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_calendars_code" ON "calendars"("code");

-- A day that differs from its week.
CREATE TABLE "calendar_days"(
    "parent" INTEGER NOT NULL REFERENCES "calendars"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The day.
    "date" INTEGER NOT NULL,
    -- Whether it is worked.
    "working" INTEGER NOT NULL,
    -- What it is.
    "name" TEXT,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- Conditions of payment.
CREATE TABLE "payment_terms"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- What becomes of the smallest units that rounding leaves over.
    "method" TEXT NOT NULL,
    -- The currency of fixed amounts, where there are any.
    "currency" TEXT,
    -- The calendar of working days; the default one where none is named.
    "calendar" INTEGER REFERENCES "calendars"("id"),
    -- False once it is no longer offered.
    "active" INTEGER NOT NULL,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_payment_terms_code" ON "payment_terms"("code");

-- One instalment of a term.
CREATE TABLE "term_lines"(
    "parent" INTEGER NOT NULL REFERENCES "payment_terms"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- What it is called, such as `deposit`.
    "label" TEXT,
    -- How its amount is found.
    "share" TEXT NOT NULL,
    -- The amount, the per cent or the weight; none for the balance. (6 decimals)
    "value" INTEGER,
    -- When it is due, counted from the anchor date: steps joined by `;`, such as `+31 days; day 15`. Steps are `+N days`, `+N months`, `end_of_month` and `day N`; an empty rule is the anchor date itself.
    "due" TEXT NOT NULL,
    -- Where the date goes that is no working day.
    "shift" TEXT NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- A kind made at run time.
CREATE TABLE "custom_kinds"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The name in operations and expressions.
    "name" TEXT NOT NULL,
    -- The stable number of the kind.
    "kind_no" INTEGER NOT NULL,
    -- The label in English.
    "label_en" TEXT NOT NULL,
    -- The label in simplified Chinese.
    "label_zh_cn" TEXT NOT NULL,
    -- The label in traditional Chinese.
    "label_zh_tw" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_custom_kinds_name" ON "custom_kinds"("name");
CREATE UNIQUE INDEX "ix_custom_kinds_kind_no" ON "custom_kinds"("kind_no");

-- A field made at run time.
CREATE TABLE "custom_fields"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The kind's name.
    "kind" TEXT NOT NULL,
    -- The name in operations and expressions.
    "name" TEXT NOT NULL,
    -- The stable number within the kind.
    "field_no" INTEGER NOT NULL,
    -- The type.
    "field_type" TEXT NOT NULL,
    -- Longest text, in characters.
    "longest" INTEGER,
    -- Decimals of a number.
    "decimals" INTEGER,
    -- The list of a picklist field.
    "list" TEXT,
    -- The kind that a reference refers to.
    "target" TEXT,
    -- What the field is to the machinery.
    "role" TEXT NOT NULL,
    -- True where a record without it is refused.
    "required" INTEGER NOT NULL,
    -- The value of new records that have none.
    "default_value" TEXT,
    -- True where lists by this field are fast.
    "indexed" INTEGER NOT NULL,
    -- True where no two records may have the same value.
    "is_unique" INTEGER NOT NULL,
    -- True where summaries, such as those that approvers are shown, leave it out.
    "sensitive" INTEGER NOT NULL,
    -- The label in English.
    "label_en" TEXT NOT NULL,
    -- The label in simplified Chinese.
    "label_zh_cn" TEXT NOT NULL,
    -- The label in traditional Chinese.
    "label_zh_tw" TEXT NOT NULL,
    -- True once it can no longer be set.
    "retired" INTEGER NOT NULL,
    -- A condition that every record with this field has to fulfil; one that is unknown refuses nothing.
    "check" TEXT
) STRICT;
CREATE UNIQUE INDEX "ix_custom_fields_kind_name" ON "custom_fields"("kind", "name");

-- What an employee signs in with.
CREATE TABLE "credentials"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- Whose it is.
    "employee" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- Mixed into the password, in hexadecimal digits.
    "salt" TEXT NOT NULL,
    -- How often the function was applied.
    "rounds" INTEGER NOT NULL,
    -- What came of it, in hexadecimal digits.
    "digest" TEXT NOT NULL,
    -- When it was set.
    "set_at" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_credentials_employee" ON "credentials"("employee");

-- A tax that another is made of.
CREATE TABLE "tax_parts"(
    "parent" INTEGER NOT NULL REFERENCES "taxes"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- A tax with rates.
    "component" INTEGER NOT NULL REFERENCES "taxes"("id"),
    -- True where it is of the taxes before it too, as one on a price with excise.
    "on_taxes" INTEGER NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- A customer: a company or person that may buy or does.
CREATE TABLE "customers"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The business number, from the numbering rule.
    "number" TEXT,
    -- The name.
    "name" TEXT NOT NULL,
    -- A short name for lists and documents.
    "short_name" TEXT,
    -- Whether it trades already.
    "state" TEXT NOT NULL,
    -- Company, person, authority, from the picklist.
    "customer_type" TEXT,
    -- How it came to us.
    "source" TEXT,
    -- What it does.
    "industry" TEXT,
    -- Sales region.
    "region" TEXT,
    -- How much it is worth to us.
    "grade" TEXT,
    -- The class for price rules.
    "customer_class" TEXT,
    -- Country, as addresses write it.
    "country" TEXT,
    -- State or province.
    "province" TEXT,
    -- City.
    "city" TEXT,
    -- Street and house.
    "address" TEXT,
    -- Postal code.
    "postal_code" TEXT,
    -- Telephone.
    "phone" TEXT,
    -- Mail address.
    "email" TEXT,
    -- Web site.
    "website" TEXT,
    -- Tax number or unified social credit code.
    "tax_number" TEXT,
    -- The currency it trades in; the enterprise's where none stands here.
    "currency" TEXT,
    -- Conditions of payment of its documents.
    "payment_term" INTEGER REFERENCES "payment_terms"("id"),
    -- The salesperson.
    "owner" INTEGER REFERENCES "employees"("id"),
    -- The department; the owner's where none is given.
    "department" INTEGER REFERENCES "departments"("id"),
    -- The customer it belongs to.
    "superior" INTEGER REFERENCES "customers"("id"),
    -- Day of the first approved order.
    "trading_since" INTEGER,
    -- The key in the system it comes from.
    "external_key" TEXT,
    -- False once we no longer deal with it.
    "active" INTEGER NOT NULL,
    -- Notes.
    "notes" TEXT
) STRICT;
CREATE INDEX "ix_customers_state_name" ON "customers"("state", "name");
CREATE UNIQUE INDEX "ix_customers_number" ON "customers"("number");
CREATE INDEX "ix_customers_name" ON "customers"("name");
CREATE INDEX "ix_customers_region" ON "customers"("region");
CREATE INDEX "ix_customers_owner" ON "customers"("owner");
CREATE INDEX "ix_customers_department" ON "customers"("department");
CREATE INDEX "ix_customers_superior" ON "customers"("superior");
CREATE UNIQUE INDEX "ix_customers_external_key" ON "customers"("external_key");

-- A person at a customer, or one met before the company was known.
CREATE TABLE "contacts"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The customer he or she works for.
    "customer" INTEGER REFERENCES "customers"("id"),
    -- Form of address.
    "salutation" TEXT,
    -- The title on the card.
    "job_title" TEXT,
    -- The department there.
    "unit_name" TEXT,
    -- The part he or she plays in buying (decides, advises, uses), from the picklist.
    "contact_role" TEXT,
    -- To whom he or she reports there.
    "superior" INTEGER REFERENCES "contacts"("id"),
    -- Telephone.
    "phone" TEXT,
    -- Mobile telephone.
    "mobile" TEXT,
    -- Mail address.
    "email" TEXT,
    -- Day of birth.
    "birthday" INTEGER,
    -- True for the one who is written to first; at most one of a customer.
    "main" INTEGER NOT NULL,
    -- The key in the system he or she comes from.
    "external_key" TEXT,
    -- False once he or she has left.
    "active" INTEGER NOT NULL,
    -- Notes.
    "notes" TEXT
) STRICT;
CREATE INDEX "ix_contacts_name" ON "contacts"("name");
CREATE INDEX "ix_contacts_customer" ON "contacts"("customer");
CREATE INDEX "ix_contacts_superior" ON "contacts"("superior");
CREATE UNIQUE INDEX "ix_contacts_external_key" ON "contacts"("external_key");

-- A class of products: a node of the category tree.
CREATE TABLE "product_categories"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The category above; none at the top.
    "superior" INTEGER REFERENCES "product_categories"("id"),
    -- What it holds.
    "description" TEXT,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- The least margin of its products, per cent of the price; none is that of the category above. (6 decimals)
    "min_margin_percent" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_product_categories_code" ON "product_categories"("code");
CREATE INDEX "ix_product_categories_superior" ON "product_categories"("superior");
CREATE UNIQUE INDEX "ix_product_categories_external_key" ON "product_categories"("external_key");

-- Something sold: goods or a service.
CREATE TABLE "products"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The product code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The name in another language.
    "other_name" TEXT,
    -- Its category.
    "category" INTEGER REFERENCES "product_categories"("id"),
    -- Goods or a service.
    "product_type" TEXT NOT NULL,
    -- The manufacturer's model.
    "model" TEXT,
    -- The specification: size, material, version.
    "specification" TEXT,
    -- The unit in which it is kept and priced.
    "unit" INTEGER REFERENCES "units"("id"),
    -- The tax on its sale.
    "tax" INTEGER REFERENCES "taxes"("id"),
    -- Who supplies it.
    "supplier" TEXT,
    -- The price of one unit where no price rule says otherwise. (6 decimals)
    "list_price" INTEGER,
    -- The currency of list price and cost; none is the enterprise's.
    "currency" TEXT,
    -- What one unit costs the enterprise. (6 decimals)
    "cost" INTEGER,
    -- Whether it is sold.
    "state" TEXT NOT NULL,
    -- Where its picture is: a file name or an address that the host understands.
    "picture" TEXT,
    -- The weight of one unit, in kilograms. (6 decimals)
    "weight" INTEGER,
    -- The volume of one unit, in cubic metres. (6 decimals)
    "volume" INTEGER,
    -- What a customer should know of it.
    "description" TEXT,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- Notes.
    "notes" TEXT,
    -- The product of which it is a variant: that one's price rules hold for it as well, and quantities of variants can be counted together.
    "variant_of" INTEGER REFERENCES "products"("id"),
    -- Below this nobody sells one without the right to. (6 decimals)
    "floor_price" INTEGER,
    -- The least margin, per cent of the price; none is the category's. (6 decimals)
    "min_margin_percent" INTEGER,
    -- For a service: what one of it is good for is counted in.
    "service_measure" TEXT,
    -- How many times, hours or days one is good for: 15 where a ticket is for 15 washes. (6 decimals)
    "service_quantity" INTEGER,
    -- Within how many days from its sale it is used up; for a service by period the length of the period.
    "service_days" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_products_code" ON "products"("code");
CREATE INDEX "ix_products_name" ON "products"("name");
CREATE INDEX "ix_products_category" ON "products"("category");
CREATE INDEX "ix_products_state" ON "products"("state");
CREATE UNIQUE INDEX "ix_products_external_key" ON "products"("external_key");

-- What a bundle is made of: one product in it.
CREATE TABLE "bundle_components"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The product that is sold as a bundle.
    "bundle" INTEGER NOT NULL REFERENCES "products"("id"),
    -- What is in it; no bundle itself.
    "component" INTEGER NOT NULL REFERENCES "products"("id"),
    -- How many are in one bundle. (6 decimals)
    "quantity" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_bundle_components_bundle_component" ON "bundle_components"("bundle", "component");
CREATE INDEX "ix_bundle_components_bundle" ON "bundle_components"("bundle");

-- What a supplier asks for a product: the answer to an inquiry.
CREATE TABLE "supplier_prices"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The product.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- The supplier.
    "supplier" TEXT NOT NULL,
    -- What one costs. (6 decimals)
    "price" INTEGER NOT NULL,
    -- The currency.
    "currency" TEXT NOT NULL,
    -- The unit; none is the product's.
    "unit" INTEGER REFERENCES "units"("id"),
    -- From how many on. (6 decimals)
    "min_quantity" INTEGER,
    -- The first day on which it holds; none is since ever.
    "valid_from" INTEGER,
    -- The last day on which it holds; none is for ever.
    "valid_until" INTEGER,
    -- In how many days it is delivered.
    "delivery_days" INTEGER,
    -- For which customer it was inquired.
    "customer" INTEGER REFERENCES "customers"("id"),
    -- Notes.
    "notes" TEXT,
    -- Its key in the system that it came from.
    "external_key" TEXT
) STRICT;
CREATE INDEX "ix_supplier_prices_product" ON "supplier_prices"("product");
CREATE UNIQUE INDEX "ix_supplier_prices_external_key" ON "supplier_prices"("external_key");

-- Somebody looked at a product.
CREATE TABLE "product_views"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The product.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- The customer who looked, or for whom somebody looked.
    "customer" INTEGER REFERENCES "customers"("id"),
    -- Who looked or served.
    "employee" INTEGER REFERENCES "employees"("id"),
    -- On which day.
    "date" INTEGER NOT NULL,
    -- When.
    "at" INTEGER NOT NULL
) STRICT;
CREATE INDEX "ix_product_views_product" ON "product_views"("product");
CREATE INDEX "ix_product_views_date" ON "product_views"("date");

-- A price list: prices of one currency for a class of customers, a region or whoever is given it.
CREATE TABLE "price_lists"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The currency of its prices.
    "currency" TEXT NOT NULL,
    -- Whether it holds for everybody whom it fits, or only where a document names it.
    "usage" TEXT NOT NULL,
    -- Only for customers of this class.
    "customer_class" TEXT,
    -- Only for customers of this region.
    "region" TEXT,
    -- The first day on which it holds; none is since ever.
    "valid_from" INTEGER,
    -- The last day on which it holds; none is for ever.
    "valid_until" INTEGER,
    -- False while it is not used.
    "active" INTEGER NOT NULL,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- Notes.
    "notes" TEXT,
    -- Its prices are special ones: the price that would hold without such lists is told beside them.
    "sale" INTEGER NOT NULL,
    -- The list on which this one builds.
    "base_list" INTEGER REFERENCES "price_lists"("id"),
    -- What becomes of the rules of that list.
    "base_rules" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_price_lists_code" ON "price_lists"("code");
CREATE UNIQUE INDEX "ix_price_lists_external_key" ON "price_lists"("external_key");

-- A price rule: for whom, for what, when and from which quantity on, and the price that follows.
CREATE TABLE "price_rules"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique: what refusals and derivations call it.
    "code" TEXT NOT NULL,
    -- What it is for.
    "name" TEXT NOT NULL,
    -- The price list it belongs to; none holds beside all lists.
    "list" INTEGER REFERENCES "price_lists"("id"),
    -- Only this product.
    "product" INTEGER REFERENCES "products"("id"),
    -- Only products of this category and those below it.
    "category" INTEGER REFERENCES "product_categories"("id"),
    -- Only this customer.
    "customer" INTEGER REFERENCES "customers"("id"),
    -- Only customers of this class.
    "customer_class" TEXT,
    -- Only sellers who hold this position.
    "seller_position" INTEGER REFERENCES "positions"("id"),
    -- The first day on which it holds, included; none is since ever.
    "valid_from" INTEGER,
    -- The last day on which it holds, included; none is for ever.
    "valid_until" INTEGER,
    -- The smallest quantity for which it holds, included; none is any. (6 decimals)
    "min_quantity" INTEGER,
    -- The largest quantity for which it holds, included; none is any. (6 decimals)
    "max_quantity" INTEGER,
    -- The unit of its quantities and prices; none is the product's.
    "unit" INTEGER REFERENCES "units"("id"),
    -- The currency of its price, and the only one in which it holds; none is its list's, and for percentages any.
    "currency" TEXT,
    -- A condition on the price question that has to be true as well.
    "condition" TEXT,
    -- The larger, the earlier: for the strategy `priority`.
    "priority" INTEGER,
    -- What its value does.
    "method" TEXT NOT NULL,
    -- A price, an amount, per cent or a count of free goods, as the method says; none where tiers say it. (6 decimals)
    "value" INTEGER,
    -- How the tiers are taken.
    "tier_mode" TEXT NOT NULL,
    -- Which side of a tier its bound is.
    "tier_bound" TEXT NOT NULL,
    -- The flat fee of the first tier is due for a quantity of 0 as well.
    "flat_fee_at_zero" INTEGER NOT NULL,
    -- False while it is not used.
    "active" INTEGER NOT NULL,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- Notes.
    "notes" TEXT,
    -- Where in the way to a price it comes. Of the rules that make the price one is chosen; what comes later takes effect beside others.
    "stage" TEXT NOT NULL,
    -- What per cents and amounts start from.
    "base" TEXT NOT NULL,
    -- The group within which effects exclude one another.
    "exclusion_group" INTEGER REFERENCES "exclusion_groups"("id"),
    -- What bounds and tiers count.
    "basis" TEXT NOT NULL,
    -- For a rolling period: how many days up to the pricing date are counted.
    "period_days" INTEGER,
    -- What bounds and tiers measure: a number over the price inquiry, such as `amount` (what the lines come to before this rule's stage), `weight` or `quantity * product.volume`. None is the quantity.
    "measure" TEXT,
    -- Quantities are charged in whole packages of so many; values are prices of a package then. (6 decimals)
    "package" INTEGER,
    -- The price is rounded to a multiple of this, once the value has done its work. (6 decimals)
    "round_to" INTEGER,
    -- How.
    "round_mode" TEXT NOT NULL,
    -- Added to the price after that: -0.01 for prices that end on 9.99. (6 decimals)
    "then_add" INTEGER,
    -- The price is at least so much above what it started from. (6 decimals)
    "min_margin" INTEGER,
    -- The price is at most so much above what it started from. (6 decimals)
    "max_margin" INTEGER,
    -- What is given for nothing; none is the product itself.
    "free_product" INTEGER REFERENCES "products"("id"),
    -- Free goods are given for every so many. (6 decimals)
    "free_per" INTEGER,
    -- How a quantity that is no multiple of that is counted.
    "free_count" TEXT NOT NULL,
    -- Free goods are part of the quantity ordered; else they come on top.
    "free_inclusive" INTEGER NOT NULL,
    -- What becomes of free goods when what they came with comes back.
    "free_returns" TEXT NOT NULL,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_price_rules_code" ON "price_rules"("code");
CREATE INDEX "ix_price_rules_list" ON "price_rules"("list");
CREATE INDEX "ix_price_rules_product" ON "price_rules"("product");
CREATE INDEX "ix_price_rules_category" ON "price_rules"("category");
CREATE INDEX "ix_price_rules_customer" ON "price_rules"("customer");
CREATE UNIQUE INDEX "ix_price_rules_external_key" ON "price_rules"("external_key");

-- One step of a scale of quantities.
CREATE TABLE "price_tiers"(
    "parent" INTEGER NOT NULL REFERENCES "price_rules"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The quantity at which it begins or up to which it goes, included either way; none on a last tier without end. (6 decimals)
    "bound" INTEGER,
    -- The price, amount or per cent of the tier, as the rule's method says. (6 decimals)
    "value" INTEGER NOT NULL,
    -- An amount due once the tier is entered. (6 decimals)
    "flat_fee" INTEGER NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- What a price is asked for: the record that the conditions of price rules are about. It is made for each question and never stored.
CREATE TABLE "price_inquirys"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The product.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- How many, in `unit`. (6 decimals)
    "quantity" INTEGER NOT NULL,
    -- The unit of the quantity; none is the product's.
    "unit" INTEGER REFERENCES "units"("id"),
    -- Who buys.
    "customer" INTEGER REFERENCES "customers"("id"),
    -- Who sells.
    "seller" INTEGER REFERENCES "employees"("id"),
    -- The pricing date.
    "date" INTEGER NOT NULL,
    -- The currency of the price.
    "currency" TEXT NOT NULL,
    -- The price list that was named.
    "list" INTEGER REFERENCES "price_lists"("id"),
    -- The list price of one, in the currency of the price. (6 decimals)
    "list_price" INTEGER,
    -- What the line comes to where the rule asks, in the currency of the price: at the list price for a rule of the first stage; for one of a later stage at the price that the first made where it starts from that (`list`), else at what the stages before left; for one on lines together its net, behind the seller's discount. (4 decimals)
    "amount" INTEGER,
    -- What the quantity weighs, in kilograms. (6 decimals)
    "weight" INTEGER,
    -- What room the quantity takes, in cubic metres. (6 decimals)
    "volume" INTEGER
) STRICT;

-- A way to choose among price rules that all match, made by the enterprise.
CREATE TABLE "price_strategies"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique: what the setting `pricing.strategy` names.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- What becomes of rules that no key tells apart.
    "last" TEXT NOT NULL,
    -- Where a price is rounded.
    "unit_rounding" TEXT NOT NULL,
    -- How what an effect changes one unit by is rounded to the digits of the currency; none leaves it exact.
    "effect_rounding" TEXT,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_price_strategies_code" ON "price_strategies"("code");

-- One thing that a strategy compares.
CREATE TABLE "price_strategy_keys"(
    "parent" INTEGER NOT NULL REFERENCES "price_strategies"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- What is compared.
    "key" TEXT NOT NULL,
    -- For an access: how the rule names the product.
    "product" TEXT,
    -- For an access: how the rule names the customer.
    "customer" TEXT,
    -- For an access: a hit ends the search.
    "stops" INTEGER NOT NULL,
    -- For a level: the stage.
    "stage" TEXT,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- Effects that exclude one another. All are of one stage.
CREATE TABLE "exclusion_groups"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- Which effects stay.
    "comparator" TEXT NOT NULL,
    -- The other group, where groups are compared or one suppresses another.
    "against" INTEGER REFERENCES "exclusion_groups"("id"),
    -- What becomes of effects that are worth the same.
    "last" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_exclusion_groups_code" ON "exclusion_groups"("code");

-- How much somebody may take off: an employee, or who holds a position (ORG-08). The nearest holds, larger or smaller: an employee's own before those of his positions, and of one holder's that of the product's category before that of a category above it, and that for all products last. Of several positions the largest counts.
CREATE TABLE "discount_authorities"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- Who: this employee, whatever his positions give.
    "employee" INTEGER REFERENCES "employees"("id"),
    -- Or who holds this position.
    "seller_position" INTEGER REFERENCES "positions"("id"),
    -- Only on products of this category and those below it.
    "category" INTEGER REFERENCES "product_categories"("id"),
    -- Up to so many per cent of the price that the rules give. (6 decimals)
    "max_percent" INTEGER NOT NULL,
    -- False while it is not given.
    "active" INTEGER NOT NULL,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- May sell below the floor price and the least margin as well.
    "below_floor" INTEGER NOT NULL
) STRICT;
CREATE INDEX "ix_discount_authorities_employee" ON "discount_authorities"("employee");
CREATE INDEX "ix_discount_authorities_seller_position" ON "discount_authorities"("seller_position");
CREATE UNIQUE INDEX "ix_discount_authorities_external_key" ON "discount_authorities"("external_key");

-- How records of a kind are approved: steps in order, with the conditions under which they are needed. A published version never changes; what runs on it ends on it.
CREATE TABLE "approval_definitions"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The kind of record that it is for, by name.
    "kind" TEXT NOT NULL,
    -- The code that its versions share.
    "code" TEXT NOT NULL,
    -- The version: 1, 2, ...
    "version_no" INTEGER NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- The condition over the record under which it applies; always where there is none.
    "condition" TEXT,
    -- Who decides where no step is left: an approval never passes by itself.
    "fallback" INTEGER REFERENCES "employees"("id"),
    -- When it was published.
    "published_at" INTEGER,
    -- Notes.
    "notes" TEXT,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_approval_definitions_kind_code_version_no" ON "approval_definitions"("kind", "code", "version_no");
CREATE INDEX "ix_approval_definitions_kind_state" ON "approval_definitions"("kind", "state");

-- One step of a definition.
CREATE TABLE "approval_steps"(
    "parent" INTEGER NOT NULL REFERENCES "approval_definitions"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- Its number: the steps come in this order.
    "step" INTEGER NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The condition over the record under which it is needed; always where there is none. Unknown is not true.
    "condition" TEXT,
    -- How many of those asked decide.
    "mode" TEXT NOT NULL,
    -- For a quorum: how many approvals are needed.
    "need" INTEGER,
    -- For a quorum: how many per cent of those asked are needed, rounded up. (6 decimals)
    "need_percent" INTEGER,
    -- What happens where nobody is found.
    "on_empty" TEXT,
    -- Who decides where nobody is found and `on_empty` is `fallback`.
    "fallback" INTEGER REFERENCES "employees"("id"),
    -- What happens where the submitter would be asked.
    "self_approval" TEXT NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- One approval of one record. It keeps the version of the definition it runs on.
CREATE TABLE "approval_instances"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The kind of the record, by name.
    "kind" TEXT NOT NULL,
    -- The record.
    "subject" INTEGER NOT NULL,
    -- What the record was called when it was submitted.
    "subject_title" TEXT,
    -- The definition, in the version it runs on.
    "definition" INTEGER NOT NULL REFERENCES "approval_definitions"("id"),
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- Who submitted: self-approval is judged against him and `on_behalf`.
    "submitter" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- The submitter's department then.
    "department" INTEGER NOT NULL REFERENCES "departments"("id"),
    -- When.
    "submitted_at" INTEGER NOT NULL,
    -- The change set as of which the record was submitted: reading it as of then shows what was asked for.
    "snapshot" INTEGER NOT NULL,
    -- The step that is being decided; 0 for the last fallback.
    "step" INTEGER NOT NULL,
    -- How often a step has been gone back to.
    "round" INTEGER NOT NULL,
    -- When it ended.
    "ended_at" INTEGER,
    -- On whose behalf he submitted: self-approval is judged against that person too.
    "on_behalf" INTEGER REFERENCES "employees"("id"),
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE INDEX "ix_approval_instances_kind_subject" ON "approval_instances"("kind", "subject");
CREATE INDEX "ix_approval_instances_state" ON "approval_instances"("state");

-- One question to one person. Who is asked and why is fixed when the step begins.
CREATE TABLE "approval_tasks"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The approval.
    "instance" INTEGER NOT NULL REFERENCES "approval_instances"("id"),
    -- The number of the step; 0 for the last fallback.
    "step" INTEGER NOT NULL,
    -- The step's name.
    "step_name" TEXT NOT NULL,
    -- The round.
    "round" INTEGER NOT NULL,
    -- Who is asked.
    "approver" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- How the approver was found.
    "source" TEXT NOT NULL,
    -- Why he stands in for somebody, as a stable word: `self_approval`, `user_inactive:successor`, `delegated`, ...
    "reason" TEXT,
    -- For whom he stands in.
    "instead_of" INTEGER REFERENCES "employees"("id"),
    -- When he was asked.
    "opened_at" INTEGER NOT NULL,
    -- When it was closed.
    "closed_at" INTEGER,
    -- Who closed it; nobody where the engine did.
    "closed_by" INTEGER REFERENCES "employees"("id"),
    -- What he said.
    "comment" TEXT
) STRICT;
CREATE INDEX "ix_approval_tasks_approver_state" ON "approval_tasks"("approver", "state");
CREATE INDEX "ix_approval_tasks_instance" ON "approval_tasks"("instance");

-- Somebody asked at a step, found when the step begins.
CREATE TABLE "approval_approvers"(
    "parent" INTEGER NOT NULL REFERENCES "approval_definitions"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The number of the step.
    "step" INTEGER NOT NULL,
    -- How he is found.
    "source" TEXT NOT NULL,
    -- The employee, where `source` is `employee`.
    "employee" INTEGER REFERENCES "employees"("id"),
    -- The position whose active holders are asked, where `source` is `position`.
    "held" INTEGER REFERENCES "positions"("id"),
    -- The department whose head is asked, where `source` is `department_head`; else the submitter's.
    "department" INTEGER REFERENCES "departments"("id"),
    -- How many levels above the submitter, where `source` is `superior`: 1 is the direct superior.
    "levels" INTEGER,
    -- An expression over the record that gives an employee, where `source` is `field`.
    "expression" TEXT,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- What became of a step of a running approval.
CREATE TABLE "approval_step_runs"(
    "parent" INTEGER NOT NULL REFERENCES "approval_instances"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The number of the step; 0 for the last fallback.
    "step" INTEGER NOT NULL,
    -- Its name.
    "name" TEXT NOT NULL,
    -- The round.
    "round" INTEGER NOT NULL,
    -- What became of it.
    "state" TEXT NOT NULL,
    -- Why, as a stable word: `condition`, `nobody_found`, `quorum_out_of_reach`, ...
    "reason" TEXT,
    -- When it began, or was passed over.
    "at" INTEGER NOT NULL,
    -- When it was decided.
    "decided_at" INTEGER,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- A message that waits for the host to deliver it. The engine knows no channel.
CREATE TABLE "outbox_messages"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The employee it is for.
    "recipient" INTEGER REFERENCES "employees"("id"),
    -- The kind of the record it is for, where that is no employee: `customer`, `contact`, ...
    "contact_kind" TEXT,
    -- The record it is for, where that is no employee.
    "contact" INTEGER,
    -- The mail address of the recipient when the message was written, where one is known.
    "address" TEXT,
    -- The language it is written in.
    "language" TEXT NOT NULL,
    -- The subject.
    "subject" TEXT NOT NULL,
    -- The text.
    "body" TEXT NOT NULL,
    -- The kind of the record it is about, by name.
    "kind" TEXT NOT NULL,
    -- The record it is about.
    "about" INTEGER NOT NULL,
    -- The rule that wrote it.
    "rule" INTEGER REFERENCES "reminder_rules"("id"),
    -- The day for which it was due.
    "due" INTEGER,
    -- The dunning level.
    "level" INTEGER,
    -- True where it was written after that day.
    "late" INTEGER NOT NULL,
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- What the host says of its delivery.
    "note" TEXT,
    -- When it was written.
    "written_at" INTEGER NOT NULL,
    -- When the host reported.
    "settled_at" INTEGER
) STRICT;
CREATE INDEX "ix_outbox_messages_recipient" ON "outbox_messages"("recipient");
CREATE INDEX "ix_outbox_messages_rule" ON "outbox_messages"("rule");
CREATE INDEX "ix_outbox_messages_state" ON "outbox_messages"("state");

-- When to remind whom of what: a condition and a date over records of a kind, a recipient, a text.
CREATE TABLE "reminder_rules"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The kind of record, by name.
    "kind" TEXT NOT NULL,
    -- The condition over the record; always where there is none. Unknown is not true.
    "condition" TEXT,
    -- An expression over the record that gives a date: `due_date`.
    "date" TEXT NOT NULL,
    -- So many days after that date; before it where negative.
    "offset_days" INTEGER NOT NULL,
    -- The time of that day, `HH:MM` in the enterprise's zone; its beginning where there is none.
    "time" TEXT,
    -- The dunning level, copied to the message.
    "level" INTEGER,
    -- Again every so many days while the condition holds; once where there is none.
    "repeat_days" INTEGER,
    -- An expression over the record that gives the recipient: an employee, another record, or an address as text.
    "recipient" TEXT NOT NULL,
    -- False while it is switched off.
    "active" INTEGER NOT NULL,
    -- Notes.
    "notes" TEXT,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_reminder_rules_code" ON "reminder_rules"("code");

-- That a rule has fired for a record and a due day. It never fires for the same again.
CREATE TABLE "reminder_firings"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The rule.
    "rule" INTEGER NOT NULL REFERENCES "reminder_rules"("id"),
    -- The kind of the record, by name.
    "kind" TEXT NOT NULL,
    -- The record.
    "about" INTEGER NOT NULL,
    -- The day for which it was due.
    "due" INTEGER NOT NULL,
    -- True where it fired after that day.
    "late" INTEGER NOT NULL,
    -- What came of it.
    "outcome" TEXT NOT NULL,
    -- The message.
    "message" INTEGER REFERENCES "outbox_messages"("id"),
    -- When it fired.
    "fired_at" INTEGER NOT NULL,
    -- Why there is no message: a stable code.
    "reason" TEXT
) STRICT;
CREATE UNIQUE INDEX "ix_reminder_firings_rule_about_due" ON "reminder_firings"("rule", "about", "due");

-- The text of a reminder in one language: templates over the record.
CREATE TABLE "reminder_texts"(
    "parent" INTEGER NOT NULL REFERENCES "reminder_rules"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The language: `zh-CN`, `zh-TW` or `en`.
    "language" TEXT NOT NULL,
    -- The subject, a template: `Invoice {{ number }} is due`.
    "subject" TEXT NOT NULL,
    -- The text, a template.
    "body" TEXT NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- An offer to a customer: who offers what to whom. What is offered stands in its versions.
CREATE TABLE "quotes"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The quote's number.
    "number" TEXT,
    -- To whom it is made.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- The person addressed.
    "contact" INTEGER REFERENCES "contacts"("id"),
    -- Who makes it.
    "owner" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- The department it belongs to.
    "department" INTEGER NOT NULL REFERENCES "departments"("id"),
    -- The currency of all its versions.
    "currency" TEXT NOT NULL,
    -- Its date: prices are those of that day.
    "date" INTEGER NOT NULL,
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- The version that the customer took.
    "accepted_version" INTEGER REFERENCES "quote_versions"("id"),
    -- When it was accepted or declined.
    "closed_on" INTEGER,
    -- Why it was declined or made void.
    "closed_because" TEXT,
    -- True where it was accepted after its validity, by somebody who may.
    "accepted_late" INTEGER NOT NULL,
    -- What it is about.
    "subject" TEXT,
    -- Notes, not shown to the customer.
    "notes" TEXT,
    -- Its key in the system that it came from.
    "external_key" TEXT
) STRICT;
CREATE UNIQUE INDEX "ix_quotes_number" ON "quotes"("number");
CREATE INDEX "ix_quotes_customer" ON "quotes"("customer");
CREATE INDEX "ix_quotes_owner" ON "quotes"("owner");
CREATE INDEX "ix_quotes_department" ON "quotes"("department");
CREATE INDEX "ix_quotes_date" ON "quotes"("date");
CREATE INDEX "ix_quotes_state" ON "quotes"("state");
CREATE UNIQUE INDEX "ix_quotes_external_key" ON "quotes"("external_key");

-- What is offered: lines, prices, terms. A draft changes; approving freezes it for good.
CREATE TABLE "quote_versions"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The quote.
    "quote" INTEGER NOT NULL REFERENCES "quotes"("id"),
    -- The version: 1, 2, ...
    "version_no" INTEGER NOT NULL,
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- True while it is a draft or in approval, else empty: there is at most one such version.
    "open" INTEGER,
    -- The version that it was cloned from.
    "cloned_from" INTEGER REFERENCES "quote_versions"("id"),
    -- Why it was voided.
    "void_reason" TEXT,
    -- The version that superseded it.
    "void_cause" INTEGER REFERENCES "quote_versions"("id"),
    -- What was said when it was voided.
    "void_note" TEXT,
    -- The last day of its validity.
    "valid_until" INTEGER,
    -- The quote's currency.
    "currency" TEXT NOT NULL,
    -- True where the unit prices hold the tax already.
    "prices_include_tax" INTEGER NOT NULL,
    -- The price list chosen for it.
    "price_list" INTEGER REFERENCES "price_lists"("id"),
    -- Discount on the whole, in per cent. (6 decimals)
    "document_discount_percent" INTEGER,
    -- Discount on the whole, as an amount. (4 decimals)
    "document_discount_amount" INTEGER,
    -- Freight. (4 decimals)
    "freight" INTEGER NOT NULL,
    -- Other charges. (4 decimals)
    "other_charges" INTEGER NOT NULL,
    -- When what is due: the payment term.
    "payment_term" INTEGER REFERENCES "payment_terms"("id"),
    -- Terms in words.
    "terms" TEXT,
    -- Sum of the lines before any discount. (4 decimals)
    "gross" INTEGER NOT NULL,
    -- Sum of the line discounts. (4 decimals)
    "discount" INTEGER NOT NULL,
    -- Sum of the lines' nets. (4 decimals)
    "net" INTEGER NOT NULL,
    -- The discount on the whole. (4 decimals)
    "document_discount" INTEGER NOT NULL,
    -- Tax. (4 decimals)
    "tax" INTEGER NOT NULL,
    -- What the customer would pay. (4 decimals)
    "total" INTEGER NOT NULL,
    -- Who put it forward for approval.
    "submitter" INTEGER REFERENCES "employees"("id"),
    -- When.
    "submitted_at" INTEGER,
    -- How it was approved.
    "approval" TEXT,
    -- Who approved it, where one person did.
    "approver" INTEGER REFERENCES "employees"("id"),
    -- When it was approved.
    "approved_at" INTEGER,
    -- When it was sent to the customer.
    "sent_at" INTEGER,
    -- What people call it: the quote's number and the version.
    "label" TEXT NOT NULL,
    -- The tax on freight and other charges.
    "charges_tax" INTEGER REFERENCES "taxes"("id"),
    -- The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`.
    "charges_taxes" TEXT,
    -- How its amounts are posted, taxed and shared out: what the enterprise decided when they were last calculated. What follows from it goes by that. None where an older library made it: then what holds now.
    "policy" TEXT,
    -- On whose behalf it was put forward.
    "submitted_for" INTEGER REFERENCES "employees"("id"),
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_quote_versions_quote_version_no" ON "quote_versions"("quote", "version_no");
CREATE UNIQUE INDEX "ix_quote_versions_quote_open" ON "quote_versions"("quote", "open");
CREATE INDEX "ix_quote_versions_state" ON "quote_versions"("state");
CREATE INDEX "ix_quote_versions_valid_until" ON "quote_versions"("valid_until");

-- One line of a version.
CREATE TABLE "quote_lines"(
    "parent" INTEGER NOT NULL REFERENCES "quote_versions"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The product.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- What the customer reads; the product's name where nothing else was said.
    "description" TEXT,
    -- How much, in the unit. (6 decimals)
    "quantity" INTEGER NOT NULL,
    -- The unit.
    "unit" INTEGER REFERENCES "units"("id"),
    -- The price of one unit before the line's discount. (6 decimals)
    "unit_price" INTEGER NOT NULL,
    -- The exact price where six decimals do not say it all: `62/6`.
    "exact_price" TEXT,
    -- The list price of one unit. (6 decimals)
    "list_price" INTEGER,
    -- What one unit cost the enterprise when the line was priced, in the document's currency; none where nobody knows. (6 decimals)
    "unit_cost" INTEGER,
    -- The line's discount, in per cent. (6 decimals)
    "discount_percent" INTEGER NOT NULL,
    -- Quantity × unit price, posted. (4 decimals)
    "gross" INTEGER NOT NULL,
    -- Gross less net. (4 decimals)
    "discount" INTEGER NOT NULL,
    -- Quantity × unit price × (1 − discount), posted once. (4 decimals)
    "net" INTEGER NOT NULL,
    -- Quantity × unit cost, posted. The net less this is the line's margin. (4 decimals)
    "cost" INTEGER,
    -- The line's share of the discount on the whole. (4 decimals)
    "document_discount" INTEGER NOT NULL,
    -- What rules take off it together with other lines: each with the rule, its per cent or amount, and the line's share.
    "document_effects" TEXT,
    -- For free goods, which follow another line: the number of that line.
    "free_of" INTEGER,
    -- The tax.
    "tax" INTEGER REFERENCES "taxes"("id"),
    -- Its rate on the document's date. (6 decimals)
    "tax_percent" INTEGER NOT NULL,
    -- Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line.
    "tax_parts" TEXT,
    -- The tax of the line. (4 decimals)
    "tax_amount" INTEGER NOT NULL,
    -- The line with discounts and tax. (4 decimals)
    "total" INTEGER NOT NULL,
    -- The price rule that made the price.
    "price_rule" INTEGER REFERENCES "price_rules"("id"),
    -- How the price came about.
    "derivation" TEXT,
    -- Who set the price by hand, where somebody did.
    "manual_price_by" INTEGER REFERENCES "employees"("id"),
    -- Why.
    "manual_price_reason" TEXT,
    -- The price that it replaced. (6 decimals)
    "replaced_price" INTEGER,
    -- How much of it has been ordered. (6 decimals)
    "ordered" INTEGER NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- A sales order. It takes effect only when it is approved.
CREATE TABLE "orders"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The order's number.
    "number" TEXT,
    -- Who orders.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- The person to talk to.
    "contact" INTEGER REFERENCES "contacts"("id"),
    -- Whose order it is.
    "owner" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- The department it belongs to.
    "department" INTEGER NOT NULL REFERENCES "departments"("id"),
    -- Its currency.
    "currency" TEXT NOT NULL,
    -- How many of the enterprise's currency one of its currency is, on its date. (12 decimals)
    "rate" INTEGER NOT NULL,
    -- Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. (12 decimals)
    "inverse_rate" INTEGER,
    -- Its date: prices and taxes are those of that day.
    "date" INTEGER NOT NULL,
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- Order or credit note.
    "doc_type" TEXT NOT NULL,
    -- Entered here or brought from another system.
    "origin" TEXT NOT NULL,
    -- The state it had in the system that it came from.
    "source_status" TEXT,
    -- The quote that it follows from.
    "quote" INTEGER REFERENCES "quotes"("id"),
    -- The version of the quote.
    "quote_version" INTEGER REFERENCES "quote_versions"("id"),
    -- When what is due: the payment term.
    "payment_term" INTEGER REFERENCES "payment_terms"("id"),
    -- When the customer wants it.
    "required_date" INTEGER,
    -- When the last of it was shipped.
    "shipped_date" INTEGER,
    -- The customer's own order number.
    "customer_reference" TEXT,
    -- Delivery: to whom.
    "delivery_name" TEXT,
    -- Delivery: street and house.
    "delivery_address" TEXT,
    -- Delivery: place.
    "delivery_city" TEXT,
    -- Delivery: region or state.
    "delivery_region" TEXT,
    -- Delivery: postal code.
    "delivery_postal_code" TEXT,
    -- Delivery: country.
    "delivery_country" TEXT,
    -- By whom it is carried.
    "carrier" TEXT,
    -- The price list chosen for it.
    "price_list" INTEGER REFERENCES "price_lists"("id"),
    -- True where the unit prices hold the tax already.
    "prices_include_tax" INTEGER NOT NULL,
    -- Discount on the whole, in per cent. (6 decimals)
    "document_discount_percent" INTEGER,
    -- Discount on the whole, as an amount. (4 decimals)
    "document_discount_amount" INTEGER,
    -- Freight. (4 decimals)
    "freight" INTEGER NOT NULL,
    -- Other charges. (4 decimals)
    "other_charges" INTEGER NOT NULL,
    -- Terms in words.
    "terms" TEXT,
    -- Notes.
    "notes" TEXT,
    -- Sum of the lines before any discount. (4 decimals)
    "gross" INTEGER NOT NULL,
    -- Sum of the line discounts. (4 decimals)
    "discount" INTEGER NOT NULL,
    -- Sum of the lines' nets. (4 decimals)
    "net" INTEGER NOT NULL,
    -- The discount on the whole. (4 decimals)
    "document_discount" INTEGER NOT NULL,
    -- Tax. (4 decimals)
    "tax" INTEGER NOT NULL,
    -- What the customer pays. (4 decimals)
    "total" INTEGER NOT NULL,
    -- Who put it forward for approval.
    "submitter" INTEGER REFERENCES "employees"("id"),
    -- When.
    "submitted_at" INTEGER,
    -- How it was approved.
    "approval" TEXT,
    -- Who approved it, where one person did.
    "approver" INTEGER REFERENCES "employees"("id"),
    -- When it was approved.
    "approved_at" INTEGER,
    -- Why it is held or was cancelled.
    "state_reason" TEXT,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- The tax on freight and other charges.
    "charges_tax" INTEGER REFERENCES "taxes"("id"),
    -- The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`.
    "charges_taxes" TEXT,
    -- How its amounts are posted, taxed and shared out: what the enterprise decided when they were last calculated. What follows from it goes by that. None where an older library made it: then what holds now.
    "policy" TEXT,
    -- On whose behalf it was put forward.
    "submitted_for" INTEGER REFERENCES "employees"("id"),
    -- For a credit note: the order that it corrects, of which it may give back charges.
    "corrects" INTEGER REFERENCES "orders"("id"),
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_orders_number" ON "orders"("number");
CREATE INDEX "ix_orders_customer" ON "orders"("customer");
CREATE INDEX "ix_orders_owner" ON "orders"("owner");
CREATE INDEX "ix_orders_date" ON "orders"("date");
CREATE INDEX "ix_orders_state" ON "orders"("state");
CREATE INDEX "ix_orders_quote_version" ON "orders"("quote_version");
CREATE UNIQUE INDEX "ix_orders_external_key" ON "orders"("external_key");
CREATE INDEX "ix_orders_corrects" ON "orders"("corrects");

-- One line of an order.
CREATE TABLE "order_lines"(
    "parent" INTEGER NOT NULL REFERENCES "orders"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The product.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- What the customer reads; the product's name where nothing else was said.
    "description" TEXT,
    -- How much, in the unit. (6 decimals)
    "quantity" INTEGER NOT NULL,
    -- The unit.
    "unit" INTEGER REFERENCES "units"("id"),
    -- The price of one unit before the line's discount. (6 decimals)
    "unit_price" INTEGER NOT NULL,
    -- The exact price where six decimals do not say it all: `62/6`.
    "exact_price" TEXT,
    -- The list price of one unit. (6 decimals)
    "list_price" INTEGER,
    -- What one unit cost the enterprise when the line was priced, in the document's currency; none where nobody knows. (6 decimals)
    "unit_cost" INTEGER,
    -- The line's discount, in per cent. (6 decimals)
    "discount_percent" INTEGER NOT NULL,
    -- Quantity × unit price, posted. (4 decimals)
    "gross" INTEGER NOT NULL,
    -- Gross less net. (4 decimals)
    "discount" INTEGER NOT NULL,
    -- Quantity × unit price × (1 − discount), posted once. (4 decimals)
    "net" INTEGER NOT NULL,
    -- Quantity × unit cost, posted. The net less this is the line's margin. (4 decimals)
    "cost" INTEGER,
    -- The line's share of the discount on the whole. (4 decimals)
    "document_discount" INTEGER NOT NULL,
    -- What rules take off it together with other lines: each with the rule, its per cent or amount, and the line's share.
    "document_effects" TEXT,
    -- For free goods, which follow another line: the number of that line.
    "free_of" INTEGER,
    -- The tax.
    "tax" INTEGER REFERENCES "taxes"("id"),
    -- Its rate on the order's date. (6 decimals)
    "tax_percent" INTEGER NOT NULL,
    -- Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line.
    "tax_parts" TEXT,
    -- The tax of the line. (4 decimals)
    "tax_amount" INTEGER NOT NULL,
    -- The line with discounts and tax. (4 decimals)
    "total" INTEGER NOT NULL,
    -- The price rule that made the price.
    "price_rule" INTEGER REFERENCES "price_rules"("id"),
    -- How the price came about.
    "derivation" TEXT,
    -- Who set the price by hand, where somebody did.
    "manual_price_by" INTEGER REFERENCES "employees"("id"),
    -- Why.
    "manual_price_reason" TEXT,
    -- The price that it replaced. (6 decimals)
    "replaced_price" INTEGER,
    -- The line of the quote's version that it follows from.
    "quote_line" INTEGER,
    -- How much was delivered. (6 decimals)
    "delivered" INTEGER NOT NULL,
    -- How much was invoiced. (6 decimals)
    "invoiced" INTEGER NOT NULL,
    -- How much came back. (6 decimals)
    "returned" INTEGER NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- Something that is done for an order: a stock-out, an invoice, a receipt, a dunning call. What it does to delivery, invoice and money is said here.
CREATE TABLE "action_types"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- What it does to goods.
    "effect_delivery" TEXT NOT NULL,
    -- True where it issues an invoice.
    "effect_invoice" INTEGER NOT NULL,
    -- What it does to money.
    "effect_money" TEXT NOT NULL,
    -- The position whose holders execute it; anybody with the right where none is named.
    "executor" INTEGER REFERENCES "positions"("id"),
    -- False once it is no longer used.
    "active" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_action_types_code" ON "action_types"("code");

-- A pattern of execution plans.
CREATE TABLE "plan_templates"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- False once it is no longer used.
    "active" INTEGER NOT NULL,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_plan_templates_code" ON "plan_templates"("code");

-- One step of a pattern.
CREATE TABLE "plan_template_steps"(
    "parent" INTEGER NOT NULL REFERENCES "plan_templates"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- What is done.
    "action" INTEGER NOT NULL REFERENCES "action_types"("id"),
    -- What the step is called.
    "label" TEXT,
    -- The date from which the due date is counted.
    "anchor" TEXT NOT NULL,
    -- When it is due, counted from the anchor: steps as in payment terms, such as `+30 days`.
    "due" TEXT NOT NULL,
    -- Its share of the goods or the money, in per cent; all of it where none is given. (6 decimals)
    "percent" INTEGER,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- What is to be done for an approved order, and what of it is done. Making it anew keeps the old one.
CREATE TABLE "execution_plans"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The order.
    "order" INTEGER NOT NULL REFERENCES "orders"("id"),
    -- Its customer.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- 1, 2, ...: the latest is the one that counts.
    "revision" INTEGER NOT NULL,
    -- Whether it counts.
    "state" TEXT NOT NULL,
    -- The payment term that it was made from.
    "payment_term" INTEGER REFERENCES "payment_terms"("id"),
    -- The pattern that it was made from.
    "template" INTEGER REFERENCES "plan_templates"("id"),
    -- The currency of its amounts.
    "currency" TEXT NOT NULL,
    -- What its receipts come to. (4 decimals)
    "total" INTEGER NOT NULL,
    -- Who made it.
    "made_by" INTEGER REFERENCES "employees"("id"),
    -- When.
    "made_at" INTEGER NOT NULL,
    -- Why it was made anew.
    "reason" TEXT,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_execution_plans_order_revision" ON "execution_plans"("order", "revision");
CREATE INDEX "ix_execution_plans_customer" ON "execution_plans"("customer");

-- One step of a plan.
CREATE TABLE "plan_steps"(
    "parent" INTEGER NOT NULL REFERENCES "execution_plans"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- What is done.
    "action" INTEGER NOT NULL REFERENCES "action_types"("id"),
    -- What the step is called.
    "label" TEXT,
    -- When it is due.
    "due_date" INTEGER NOT NULL,
    -- How much money; for receipts, refunds and invoices. (4 decimals)
    "amount" INTEGER,
    -- Which share of every line of the order, in per cent; for goods and invoices. (6 decimals)
    "quantity_percent" INTEGER,
    -- Where it stands.
    "state" TEXT NOT NULL,
    -- How much of the amount is done. (4 decimals)
    "done_amount" INTEGER NOT NULL,
    -- How much of the quantities is done, in per cent of what is planned. (6 decimals)
    "done_percent" INTEGER NOT NULL,
    -- The day of the last execution.
    "done_on" INTEGER,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;
CREATE INDEX "ix_plan_steps_due_date" ON "plan_steps"("due_date");

-- What was done for an order, when and by whom.
CREATE TABLE "execution_records"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The order.
    "order" INTEGER NOT NULL REFERENCES "orders"("id"),
    -- Its customer.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- The plan; none where it was done without one.
    "plan" INTEGER REFERENCES "execution_plans"("id"),
    -- The step of the plan.
    "step" INTEGER,
    -- What was done.
    "action" INTEGER NOT NULL REFERENCES "action_types"("id"),
    -- The day.
    "date" INTEGER NOT NULL,
    -- The currency of the amount.
    "currency" TEXT NOT NULL,
    -- How much money, of a receipt, a refund or an invoice. (4 decimals)
    "amount" INTEGER,
    -- The invoice that was issued.
    "invoice" INTEGER REFERENCES "invoices"("id"),
    -- The receipt that was recorded.
    "receipt" INTEGER REFERENCES "receipts"("id"),
    -- Who did it.
    "executed_by" INTEGER REFERENCES "employees"("id"),
    -- When it was recorded.
    "recorded_at" INTEGER NOT NULL,
    -- Notes.
    "notes" TEXT,
    -- What the customer gets for goods that came back: their share of what their lines came to, less free goods that stay with him and are charged. (4 decimals)
    "returned_amount" INTEGER,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE INDEX "ix_execution_records_order" ON "execution_records"("order");
CREATE INDEX "ix_execution_records_customer" ON "execution_records"("customer");

-- Goods of an execution: a part of a line of the order.
CREATE TABLE "execution_lines"(
    "parent" INTEGER NOT NULL REFERENCES "execution_records"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The line of the order.
    "order_line" INTEGER NOT NULL,
    -- The product.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- How much, in the line's unit. (6 decimals)
    "quantity" INTEGER NOT NULL,
    -- The unit.
    "unit" INTEGER REFERENCES "units"("id"),
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- What was billed to a customer.
CREATE TABLE "invoices"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The invoice's number.
    "number" TEXT,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- Who is billed.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- The order that it bills.
    "order" INTEGER REFERENCES "orders"("id"),
    -- Whose business it is.
    "owner" INTEGER REFERENCES "employees"("id"),
    -- The department it belongs to.
    "department" INTEGER REFERENCES "departments"("id"),
    -- Its currency.
    "currency" TEXT NOT NULL,
    -- How many of the enterprise's currency one of its currency is. (12 decimals)
    "rate" INTEGER NOT NULL,
    -- Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. (12 decimals)
    "inverse_rate" INTEGER,
    -- Its date.
    "date" INTEGER NOT NULL,
    -- Invoice or credit note.
    "doc_type" TEXT NOT NULL,
    -- Entered here or brought from another system.
    "origin" TEXT NOT NULL,
    -- When what is due: the payment term.
    "payment_term" INTEGER REFERENCES "payment_terms"("id"),
    -- Sum of the lines before any discount. (4 decimals)
    "gross" INTEGER NOT NULL,
    -- Sum of the line discounts. (4 decimals)
    "discount" INTEGER NOT NULL,
    -- Sum of the lines' nets. (4 decimals)
    "net" INTEGER NOT NULL,
    -- The lines' shares of the order's discount on the whole. (4 decimals)
    "document_discount" INTEGER NOT NULL,
    -- Its share of the order's freight. (4 decimals)
    "freight" INTEGER NOT NULL,
    -- Its share of the order's other charges. (4 decimals)
    "other_charges" INTEGER NOT NULL,
    -- The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`.
    "charges_taxes" TEXT,
    -- Tax, that on its shares of the charges included. (4 decimals)
    "tax" INTEGER NOT NULL,
    -- What the customer owes for it. (4 decimals)
    "total" INTEGER NOT NULL,
    -- True where its debts were booked with the order already: it makes none of its own.
    "booked_with_order" INTEGER NOT NULL,
    -- Notes.
    "notes" TEXT,
    -- When it became known here.
    "recorded_at" INTEGER NOT NULL,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_invoices_number" ON "invoices"("number");
CREATE UNIQUE INDEX "ix_invoices_external_key" ON "invoices"("external_key");
CREATE INDEX "ix_invoices_customer" ON "invoices"("customer");
CREATE INDEX "ix_invoices_order" ON "invoices"("order");
CREATE INDEX "ix_invoices_date" ON "invoices"("date");

-- One line of an invoice: a part of a line of the order.
CREATE TABLE "invoice_lines"(
    "parent" INTEGER NOT NULL REFERENCES "invoices"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The line of the order.
    "order_line" INTEGER,
    -- The product.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- What the customer reads.
    "description" TEXT,
    -- How much, in the unit. (6 decimals)
    "quantity" INTEGER NOT NULL,
    -- The unit.
    "unit" INTEGER REFERENCES "units"("id"),
    -- The price of one unit before the line's discount. (6 decimals)
    "unit_price" INTEGER NOT NULL,
    -- The line's discount, in per cent. (6 decimals)
    "discount_percent" INTEGER NOT NULL,
    -- The part of the order line's gross. (4 decimals)
    "gross" INTEGER NOT NULL,
    -- Gross less net. (4 decimals)
    "discount" INTEGER NOT NULL,
    -- The part of the order line's net. (4 decimals)
    "net" INTEGER NOT NULL,
    -- The part of its share of the discount on the whole. (4 decimals)
    "document_discount" INTEGER NOT NULL,
    -- The tax.
    "tax" INTEGER REFERENCES "taxes"("id"),
    -- Its rate. (6 decimals)
    "tax_percent" INTEGER NOT NULL,
    -- Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line.
    "tax_parts" TEXT,
    -- The part of the tax. (4 decimals)
    "tax_amount" INTEGER NOT NULL,
    -- With discounts and tax. (4 decimals)
    "total" INTEGER NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- Money that came from a customer, or went back.
CREATE TABLE "receipts"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The receipt's number.
    "number" TEXT,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- From whom, or to whom.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- The order that it is for.
    "order" INTEGER REFERENCES "orders"("id"),
    -- Payment, payment in advance or refund.
    "receipt_type" TEXT NOT NULL,
    -- The currency.
    "currency" TEXT NOT NULL,
    -- How many of the enterprise's currency one of its currency is, on its date. (12 decimals)
    "rate" INTEGER NOT NULL,
    -- Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. (12 decimals)
    "inverse_rate" INTEGER,
    -- How much; above zero, for a refund too. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- The day on which it came or went.
    "date" INTEGER NOT NULL,
    -- How it was paid.
    "method" TEXT,
    -- Who paid, where it was somebody else.
    "payer" TEXT,
    -- Who handles it.
    "owner" INTEGER REFERENCES "employees"("id"),
    -- The department it belongs to.
    "department" INTEGER REFERENCES "departments"("id"),
    -- How much of it settles no debt yet: the customer's advance. (4 decimals)
    "unallocated" INTEGER NOT NULL,
    -- The amount in the enterprise's currency. (4 decimals)
    "base_amount" INTEGER NOT NULL,
    -- The advance in the enterprise's currency, at the receipt's rate. (4 decimals)
    "base_unallocated" INTEGER NOT NULL,
    -- Entered here or brought from another system.
    "origin" TEXT NOT NULL,
    -- Notes.
    "notes" TEXT,
    -- When it became known here.
    "recorded_at" INTEGER NOT NULL
) STRICT;
CREATE INDEX "ix_receipts_customer_date" ON "receipts"("customer", "date");
CREATE UNIQUE INDEX "ix_receipts_number" ON "receipts"("number");
CREATE UNIQUE INDEX "ix_receipts_external_key" ON "receipts"("external_key");
CREATE INDEX "ix_receipts_order" ON "receipts"("order");
CREATE INDEX "ix_receipts_date" ON "receipts"("date");

-- What of a receipt settles which debt. Never changed: a correction is an entry of its own, with the other sign.
CREATE TABLE "allocations"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- What sort of entry it is.
    "entry" TEXT NOT NULL,
    -- The receipt that it is taken from.
    "receipt" INTEGER REFERENCES "receipts"("id"),
    -- The debt that it settles.
    "receivable" INTEGER REFERENCES "receivables"("id"),
    -- The refund by which it went back.
    "refund" INTEGER REFERENCES "receipts"("id"),
    -- The customer.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- Whose business the debt is, or the receipt.
    "owner" INTEGER REFERENCES "employees"("id"),
    -- The department it belongs to.
    "department" INTEGER REFERENCES "departments"("id"),
    -- The currency.
    "currency" TEXT NOT NULL,
    -- How much. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- What the debt became less by in the enterprise's currency. (4 decimals)
    "base_amount" INTEGER NOT NULL,
    -- What the advance became less by in the enterprise's currency: where it differs, the rate has moved. (4 decimals)
    "advance_base" INTEGER NOT NULL,
    -- The later of the receipt's and the document's date; for a correction its own day.
    "date" INTEGER NOT NULL,
    -- When it became known here.
    "recorded_at" INTEGER NOT NULL,
    -- Why, for a correction.
    "reason" TEXT
) STRICT;
CREATE INDEX "ix_allocations_customer_date" ON "allocations"("customer", "date");
CREATE INDEX "ix_allocations_receipt" ON "allocations"("receipt");
CREATE INDEX "ix_allocations_receivable" ON "allocations"("receivable");
CREATE INDEX "ix_allocations_date" ON "allocations"("date");

-- One debt with one due date: an instalment of an invoice or of an order, or an opening balance. Negative for a credit note.
CREATE TABLE "receivables"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The invoice that it is of.
    "invoice" INTEGER REFERENCES "invoices"("id"),
    -- The order behind it.
    "order" INTEGER REFERENCES "orders"("id"),
    -- Who owes.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- Whose business it is.
    "owner" INTEGER REFERENCES "employees"("id"),
    -- The department it belongs to.
    "department" INTEGER REFERENCES "departments"("id"),
    -- The currency.
    "currency" TEXT NOT NULL,
    -- How many of the enterprise's currency one of its currency is. (12 decimals)
    "rate" INTEGER NOT NULL,
    -- Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the enterprise's is. Its amounts are divided by it. (12 decimals)
    "inverse_rate" INTEGER,
    -- The number of the document.
    "document" TEXT,
    -- What the instalment is called.
    "label" TEXT,
    -- The date of the document.
    "date" INTEGER NOT NULL,
    -- When it is due.
    "due_date" INTEGER NOT NULL,
    -- How much was booked. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- How much of it is not settled. (4 decimals)
    "open" INTEGER NOT NULL,
    -- The booked amount in the enterprise's currency. (4 decimals)
    "base_amount" INTEGER NOT NULL,
    -- What is not settled, in the enterprise's currency at its own rate. (4 decimals)
    "base_open" INTEGER NOT NULL,
    -- When it became known here.
    "recorded_at" INTEGER NOT NULL
) STRICT;
CREATE INDEX "ix_receivables_customer_due_date" ON "receivables"("customer", "due_date");

-- How much credit a customer is given, or a salesperson may give, with what of it is used. Who has none is not checked; a limit of zero means that everything is prepaid.
CREATE TABLE "credit_limits"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The customer or employee whose limit it is.
    "holder" INTEGER NOT NULL,
    -- The customer, where it is a customer's.
    "customer" INTEGER REFERENCES "customers"("id"),
    -- The salesperson, where it is one's.
    "employee" INTEGER REFERENCES "employees"("id"),
    -- The limit, in the enterprise's currency. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- The first day on which it counts; before it nothing is checked.
    "valid_from" INTEGER,
    -- The last day of its validity; after it nothing more is given on credit.
    "valid_until" INTEGER,
    -- False where nothing is checked for a time.
    "active" INTEGER NOT NULL,
    -- Orders in effect, neither delivered nor booked as debts. (4 decimals)
    "open_orders" INTEGER NOT NULL,
    -- What was delivered and is not booked as a debt. (4 decimals)
    "delivered_not_invoiced" INTEGER NOT NULL,
    -- Debts that are not paid. (4 decimals)
    "invoiced" INTEGER NOT NULL,
    -- Advances: they make the exposure less. (4 decimals)
    "advances" INTEGER NOT NULL,
    -- Notes.
    "notes" TEXT
) STRICT;
CREATE UNIQUE INDEX "ix_credit_limits_holder" ON "credit_limits"("holder");

-- What an order takes of the limits of its customer and salesperson.
CREATE TABLE "credit_reservations"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The order.
    "order" INTEGER NOT NULL REFERENCES "orders"("id"),
    -- Whose limit it takes from.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- And which salesperson's.
    "employee" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- The order's total, in the enterprise's currency. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- How much of the order was booked as debts, in its own currency. (4 decimals)
    "booked" INTEGER NOT NULL,
    -- What counts as an open order. (4 decimals)
    "open_orders" INTEGER NOT NULL,
    -- What counts as delivered and not booked as a debt. (4 decimals)
    "delivered_not_invoiced" INTEGER NOT NULL,
    -- Where it stands.
    "state" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "ix_credit_reservations_order" ON "credit_reservations"("order");

-- Somebody with the right let an order pass beyond a limit, up to an amount and until a day.
CREATE TABLE "credit_releases"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The order.
    "order" INTEGER NOT NULL REFERENCES "orders"("id"),
    -- Up to which total of the order it counts, in the enterprise's currency. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- The last day on which it counts.
    "until" INTEGER NOT NULL,
    -- Why.
    "reason" TEXT NOT NULL,
    -- Who released it.
    "released_by" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- When.
    "released_at" INTEGER NOT NULL
) STRICT;
CREATE INDEX "ix_credit_releases_order" ON "credit_releases"("order");

-- What a customer has of a service that was sold with a line of an order.
CREATE TABLE "service_entitlements"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The order.
    "order" INTEGER NOT NULL REFERENCES "orders"("id"),
    -- The line of the order.
    "order_line" INTEGER NOT NULL,
    -- Its customer.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- The service.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- What it is counted in.
    "measure" TEXT NOT NULL,
    -- How many times, hours or days one unit of the line is good for; of a period, how many days it is long. (6 decimals)
    "per_unit" INTEGER NOT NULL,
    -- How many times, hours or days it is good for; of a period, how many days it is long. (6 decimals)
    "granted" INTEGER NOT NULL,
    -- How many of them are used; of a period, how often it was used. (6 decimals)
    "used" INTEGER NOT NULL,
    -- How many are left; none for a period. (6 decimals)
    "left" INTEGER,
    -- The day on which it was sold: the order's date.
    "sold_on" INTEGER NOT NULL,
    -- The first day on which it is used.
    "starts_on" INTEGER NOT NULL,
    -- The last day; none where it does not expire.
    "last_day" INTEGER,
    -- How many times, hours or days were ordered; of a period, how many days. (6 decimals)
    "ordered" INTEGER NOT NULL,
    -- What the customer pays for it: the line's total. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- What of that is used; none for a period. (4 decimals)
    "used_amount" INTEGER,
    -- The currency.
    "currency" TEXT NOT NULL,
    -- The largest number that a line of the record ever had.
    "last_line" INTEGER
) STRICT;
CREATE UNIQUE INDEX "ix_service_entitlements_order_order_line" ON "service_entitlements"("order", "order_line");
CREATE INDEX "ix_service_entitlements_customer" ON "service_entitlements"("customer");
CREATE INDEX "ix_service_entitlements_last_day" ON "service_entitlements"("last_day");

-- What became more or less of a service by its sale.
CREATE TABLE "service_grants"(
    "parent" INTEGER NOT NULL REFERENCES "service_entitlements"("id"),
    "line" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    -- The day.
    "date" INTEGER NOT NULL,
    -- Why.
    "cause" TEXT NOT NULL,
    -- How much more; below zero where it became less. (6 decimals)
    "quantity" INTEGER NOT NULL,
    PRIMARY KEY("parent", "line")
) STRICT, WITHOUT ROWID;

-- A service was used. Never changed: a use that was none is taken back by an entry with the other sign.
CREATE TABLE "service_uses"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- Of what it was used.
    "entitlement" INTEGER NOT NULL REFERENCES "service_entitlements"("id"),
    -- The order.
    "order" INTEGER NOT NULL REFERENCES "orders"("id"),
    -- Its customer.
    "customer" INTEGER NOT NULL REFERENCES "customers"("id"),
    -- The service.
    "product" INTEGER NOT NULL REFERENCES "products"("id"),
    -- The day.
    "date" INTEGER NOT NULL,
    -- How many times, hours or days; below zero where a use is taken back. (6 decimals)
    "quantity" INTEGER NOT NULL,
    -- What that is worth of what the customer pays; none for a period. (4 decimals)
    "amount" INTEGER,
    -- The currency.
    "currency" TEXT NOT NULL,
    -- The use that is taken back.
    "takes_back" INTEGER REFERENCES "service_uses"("id"),
    -- Notes.
    "notes" TEXT,
    -- Who recorded it.
    "recorded_by" INTEGER REFERENCES "employees"("id"),
    -- When it was recorded.
    "recorded_at" INTEGER NOT NULL,
    -- Its key in the system that it came from: the same use is not recorded twice.
    "external_key" TEXT
) STRICT;
CREATE INDEX "ix_service_uses_customer_date" ON "service_uses"("customer", "date");
CREATE INDEX "ix_service_uses_entitlement" ON "service_uses"("entitlement");
CREATE UNIQUE INDEX "ix_service_uses_takes_back" ON "service_uses"("takes_back");
CREATE UNIQUE INDEX "ix_service_uses_external_key" ON "service_uses"("external_key");

-- A report kept for later: the request of `report.run` as data (ANA-15).
CREATE TABLE "saved_reports"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- A short code, unique.
    "code" TEXT NOT NULL,
    -- The name.
    "name" TEXT NOT NULL,
    -- The request of `report.run` without `report`.
    "definition" TEXT NOT NULL,
    -- Whose report it is.
    "owner" INTEGER REFERENCES "employees"("id")
) STRICT;
CREATE UNIQUE INDEX "ix_saved_reports_code" ON "saved_reports"("code");

-- What an employee is to sell in a period (ANA-11, ANA-18): one target for each beginning of a period.
CREATE TABLE "sales_targets"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- Whose target it is.
    "employee" INTEGER NOT NULL REFERENCES "employees"("id"),
    -- The first day of the period; periods of an enterprise need not be those of the calendar.
    "period_start" INTEGER NOT NULL,
    -- How long the period is.
    "period" TEXT NOT NULL,
    -- The currency of the amount.
    "currency" TEXT NOT NULL,
    -- How much is to be sold. (4 decimals)
    "amount" INTEGER NOT NULL,
    -- Its key in the system that it came from.
    "external_key" TEXT,
    -- Notes.
    "notes" TEXT
) STRICT;
CREATE UNIQUE INDEX "ix_sales_targets_employee_period_start" ON "sales_targets"("employee", "period_start");
CREATE UNIQUE INDEX "ix_sales_targets_external_key" ON "sales_targets"("external_key");

-- An import: what came, what was kept, what was refused (SYS-04).
CREATE TABLE "import_runs"(
    "id" INTEGER PRIMARY KEY,
    "version" INTEGER NOT NULL,
    -- The name of the mapping.
    "name" TEXT NOT NULL,
    -- When it began.
    "started" INTEGER NOT NULL,
    -- By whom.
    "owner" INTEGER REFERENCES "employees"("id"),
    -- Rows or documents seen.
    "seen" INTEGER NOT NULL,
    -- Records made.
    "created" INTEGER NOT NULL,
    -- Records changed.
    "updated" INTEGER NOT NULL,
    -- Rows left out by the mapping, or without a difference.
    "skipped" INTEGER NOT NULL,
    -- Rows refused.
    "rejected" INTEGER NOT NULL,
    -- True where it brought historic documents.
    "history" INTEGER NOT NULL
) STRICT;
