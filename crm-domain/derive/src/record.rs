//! `#[derive(Record)]`.

use crate::{doc, snake};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::meta::ParseNestedMeta;
use syn::{Data, DeriveInput, Error, Fields, LitInt, LitStr, Result, Token, Type, parenthesized};

#[derive(Default)]
struct RecordAttributes {
    no: u32,
    name: Option<String>,
    table: Option<String>,
    parent: Option<Type>,
    access: Vec<String>,
    managed: bool,
    closed: bool,
    indexes: Vec<(Vec<String>, bool)>,
}

struct FieldAttributes {
    no: Option<u32>,
    managed: bool,
    sensitive: bool,
    flatten: bool,
    index: bool,
    unique: bool,
    default: Option<String>,
    role: Option<TokenStream>,
    ty: Option<TokenStream>,
}

/// The member of a message whose fields stand behind the message's own.
struct Shared<'a> {
    field: &'a syn::Ident,
    ty: &'a Type,
}

impl FieldAttributes {
    fn set_role(&mut self, meta: &ParseNestedMeta<'_>, role: TokenStream) -> Result<()> {
        match self.role.replace(role) {
            Some(_) => Err(meta.error("a field has one role")),
            None => Ok(()),
        }
    }
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "Record is derived on structs"));
    };
    let none = syn::punctuated::Punctuated::new();
    let members = match &data.fields {
        Fields::Named(fields) => &fields.named,
        Fields::Unit => &none,
        Fields::Unnamed(_) => return Err(Error::new_spanned(input, "fields need names")),
    };
    let kind = record_attributes(input)?;
    let ident = &input.ident;
    let name = kind.name.clone().unwrap_or_else(|| snake(&ident.to_string()));
    let table = kind.table.clone().unwrap_or_else(|| format!("{name}s"));
    let about = doc(&input.attrs);
    if kind.no > 0 && about.is_empty() {
        return Err(Error::new_spanned(
            ident,
            "a kind needs a doc comment: it is the description everywhere",
        ));
    }
    let no = kind.no;

    let mut indexes: Vec<TokenStream> = kind
        .indexes
        .iter()
        .map(|(fields, unique)| index_def(fields.iter().map(String::as_str), *unique))
        .collect();
    let mut numbers: Vec<u32> = Vec::new();
    let mut defs = Vec::new();
    let mut names = Vec::new();
    let mut shared: Option<Shared<'_>> = None;
    for (position, member) in members.iter().enumerate() {
        let attributes = field_attributes(member)?;
        let Some(field) = &member.ident else { continue };
        if shared.is_some() || (attributes.flatten && no > 0) {
            return Err(Error::new_spanned(member, "`flatten` stands in messages, on the last field"));
        }
        if attributes.flatten {
            shared = Some(Shared { field, ty: &member.ty });
            continue;
        }
        let field_name = field.to_string().trim_start_matches("r#").to_owned();
        let field_no = match attributes.no {
            Some(number) => number,
            None if no == 0 => u32::try_from(position + 1).unwrap_or(u32::MAX),
            None => return Err(Error::new_spanned(member, "a stored field needs `#[field(no = ...)]`")),
        };
        if numbers.contains(&field_no) {
            return Err(Error::new_spanned(member, format!("field number {field_no} stands twice")));
        }
        numbers.push(field_no);
        let field_doc = doc(&member.attrs);
        if field_doc.is_empty() {
            return Err(Error::new_spanned(
                member,
                "a field needs a doc comment: it is the description everywhere",
            ));
        }
        if attributes.index || attributes.unique {
            indexes.push(index_def(std::iter::once(field_name.as_str()), attributes.unique));
        }
        let field_about = described(no, &field_doc);
        let ty = &member.ty;
        let column = match attributes.ty {
            Some(of_items) if is_list(ty) => quote!(::crm_kernel::record::FieldType::List(&#of_items)),
            Some(given) => given,
            None => quote!(<#ty as ::crm_kernel::record::FieldValue>::TYPE),
        };
        let FieldAttributes { managed, sensitive, role, .. } = attributes;
        let role = role.unwrap_or_else(|| quote!(Plain));
        let default = optional_str(attributes.default.as_deref());
        defs.push(quote!(::crm_kernel::record::FieldDef {
            no: #field_no,
            name: ::std::borrow::Cow::Borrowed(#field_name),
            doc: ::std::borrow::Cow::Borrowed(#field_about),
            ty: #column,
            required: <#ty as ::crm_kernel::record::FieldValue>::REQUIRED,
            default: #default,
            role: ::crm_kernel::record::FieldRole::#role,
            managed: #managed,
            sensitive: #sensitive,
            labels: ::core::option::Option::None,
        }));
        names.push(field);
    }

    let parent = match &kind.parent {
        Some(parent) => quote!(<#parent as ::crm_kernel::record::Record>::NO),
        None => quote!(0),
    };
    let access = &kind.access;
    let managed = kind.managed;
    let closed = kind.closed;
    let count = defs.len();
    let kind_about = described(no, &about);
    let message = (no == 0).then(|| message_impls(ident));
    let fields_const = format_ident!("FIELDS");
    let def = match &shared {
        None => quote!(&DEF),
        Some(Shared { ty, .. }) => quote! {{
            static WHOLE: ::std::sync::LazyLock<::crm_kernel::record::RecordDef> =
                ::std::sync::LazyLock::new(|| DEF.joined(<#ty as ::crm_kernel::record::Record>::def()));
            &WHOLE
        }},
    };
    let (shared_unread, shared_get, shared_set) = match &shared {
        None => (quote!(), quote!(), quote!()),
        Some(Shared { field, .. }) => (
            quote!(#field: ::crm_kernel::record::Record::unread()),
            quote!(values.extend(::crm_kernel::record::Record::to_values(&self.#field)?);),
            quote!(record.#field = ::crm_kernel::record::Record::from_row(&row.after(#count))?;),
        ),
    };
    let mutable = shared.as_ref().map(|_| quote!(mut));
    Ok(quote! {
        const _: () = {
            static #fields_const: [::crm_kernel::record::FieldDef; #count] = [#(#defs),*];
            static DEF: ::crm_kernel::record::RecordDef = ::crm_kernel::record::RecordDef {
                no: #no,
                name: ::std::borrow::Cow::Borrowed(#name),
                table: ::std::borrow::Cow::Borrowed(#table),
                doc: ::std::borrow::Cow::Borrowed(#kind_about),
                parent: #parent,
                fields: ::std::borrow::Cow::Borrowed(&FIELDS),
                indexes: ::std::borrow::Cow::Borrowed(&[#(#indexes),*]),
                access: ::std::borrow::Cow::Borrowed(&[#(::std::borrow::Cow::Borrowed(#access)),*]),
                managed: #managed,
                closed: #closed,
                labels: ::core::option::Option::None,
            };
            impl ::crm_kernel::record::Record for #ident {
                const NO: u32 = #no;
                fn def() -> &'static ::crm_kernel::record::RecordDef {
                    #def
                }
                fn unread() -> Self {
                    #ident { #(#names: ::crm_kernel::record::FieldValue::unread(),)* #shared_unread }
                }
                fn to_values(&self) -> ::crm_kernel::error::Result<::std::vec::Vec<::crm_kernel::value::Value>> {
                    let #mutable values = ::crm_kernel::record::get_fields(&FIELDS, &[#(&self.#names),*])?;
                    #shared_get
                    ::core::result::Result::Ok(values)
                }
                fn from_row(row: &::crm_kernel::value::Row) -> ::crm_kernel::error::Result<Self> {
                    let mut record = <Self as ::crm_kernel::record::Record>::unread();
                    ::crm_kernel::record::set_fields(row, &mut [#(&mut record.#names),*])?;
                    #shared_set
                    ::core::result::Result::Ok(record)
                }
            }
            #message
        };
    })
}

/// What a kind or field is: `record.describe` tells it of kinds, reference pages of messages too.
fn described(no: u32, about: &str) -> TokenStream {
    if no == 0 { quote!(::crm_kernel::record::page_text(#about)) } else { quote!(#about) }
}

/// Messages may stand in messages, alone and in lists.
fn message_impls(ident: &syn::Ident) -> TokenStream {
    quote! {
        impl ::crm_kernel::record::FieldValue for #ident {
            const TYPE: ::crm_kernel::record::FieldType =
                ::crm_kernel::record::FieldType::Message(::crm_kernel::record::Nested(<#ident as ::crm_kernel::record::Record>::def));
            fn unread() -> Self {
                ::crm_kernel::record::Record::unread()
            }
            fn to_value(
                &self,
                _: &::crm_kernel::record::FieldType,
            ) -> ::crm_kernel::error::Result<::crm_kernel::value::Value> {
                ::crm_kernel::record::Record::to_values(self).map(::crm_kernel::record::message)
            }
            fn from_value(value: &::crm_kernel::value::Value) -> ::crm_kernel::error::Result<Self> {
                match value {
                    ::crm_kernel::value::Value::Row(row) => ::crm_kernel::record::Record::from_row(row),
                    other => ::core::result::Result::Err(::crm_kernel::record::mismatch("object", other)),
                }
            }
        }
        impl ::crm_kernel::record::ListItem for #ident {
            const ITEM: &'static ::crm_kernel::record::FieldType =
                &<#ident as ::crm_kernel::record::FieldValue>::TYPE;
        }
    }
}

/// True for a list in a message: what its attributes say of a type, they say of its items.
fn is_list(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Vec"))
}

fn index_def<'a>(fields: impl Iterator<Item = &'a str>, unique: bool) -> TokenStream {
    let fields = fields.map(|field| quote!(::std::borrow::Cow::Borrowed(#field)));
    quote!(::crm_kernel::record::IndexDef {
        fields: ::std::borrow::Cow::Borrowed(&[#(#fields),*]),
        unique: #unique,
    })
}

fn optional_str(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(::std::borrow::Cow::Borrowed(#text))),
        None => quote!(::core::option::Option::None),
    }
}

fn record_attributes(input: &DeriveInput) -> Result<RecordAttributes> {
    let mut out = RecordAttributes::default();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("record")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("no") {
                out.no = meta.value()?.parse::<LitInt>()?.base10_parse()?;
            } else if meta.path.is_ident("name") {
                out.name = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.path.is_ident("table") {
                out.table = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.path.is_ident("parent") {
                out.parent = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("access") {
                out.access = names(&meta)?;
            } else if meta.path.is_ident("managed") {
                out.managed = true;
            } else if meta.path.is_ident("closed") {
                out.closed = true;
            } else if meta.path.is_ident("index") || meta.path.is_ident("unique") {
                out.indexes.push((names(&meta)?, meta.path.is_ident("unique")));
            } else {
                return Err(meta.error("no such record attribute"));
            }
            Ok(())
        })?;
    }
    Ok(out)
}

/// The names of fields in brackets.
fn names(meta: &ParseNestedMeta<'_>) -> Result<Vec<String>> {
    let content;
    parenthesized!(content in meta.input);
    let names = content.parse_terminated(|input| input.parse::<LitStr>(), Token![,])?;
    Ok(names.iter().map(LitStr::value).collect())
}

fn field_attributes(member: &syn::Field) -> Result<FieldAttributes> {
    let mut out = FieldAttributes {
        no: None,
        managed: false,
        sensitive: false,
        flatten: false,
        index: false,
        unique: false,
        default: None,
        role: None,
        ty: None,
    };
    for attribute in member.attrs.iter().filter(|attribute| attribute.path().is_ident("field")) {
        attribute.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let field_type = quote!(::crm_kernel::record::FieldType);
            match word.as_str() {
                "no" => out.no = Some(meta.value()?.parse::<LitInt>()?.base10_parse()?),
                "managed" => out.managed = true,
                "sensitive" => out.sensitive = true,
                "flatten" => out.flatten = true,
                "index" => out.index = true,
                "unique" => out.unique = true,
                "default" => out.default = Some(meta.value()?.parse::<LitStr>()?.value()),
                "owner" => out.set_role(&meta, quote!(Owner))?,
                "department" => out.set_role(&meta, quote!(Department))?,
                "title" => out.set_role(&meta, quote!(Title))?,
                "number" => out.set_role(&meta, quote!(Number))?,
                "business_date" => out.set_role(&meta, quote!(BusinessDate))?,
                "selection" => out.set_role(&meta, quote!(Selection))?,
                "money" => out.ty = Some(quote!(#field_type::MONEY)),
                "base_money" => out.ty = Some(quote!(#field_type::BASE_MONEY)),
                "unit_price" => out.ty = Some(quote!(#field_type::UNIT_PRICE)),
                "quantity" => out.ty = Some(quote!(#field_type::QUANTITY)),
                "percent" => out.ty = Some(quote!(#field_type::PERCENT)),
                "rate" => out.ty = Some(quote!(#field_type::RATE)),
                "long_text" => out.ty = Some(quote!(#field_type::LONG_TEXT)),
                "decimal" => {
                    let content;
                    parenthesized!(content in meta.input);
                    let digits: LitInt = content.parse()?;
                    content.parse::<Token![,]>()?;
                    let scale: LitInt = content.parse()?;
                    out.ty = Some(quote!(#field_type::decimal(#digits, #scale)));
                }
                "text" => {
                    let max: LitInt = meta.value()?.parse()?;
                    out.ty = Some(quote!(#field_type::Text { max: #max }));
                }
                "picklist" => {
                    let list: LitStr = meta.value()?.parse()?;
                    out.ty = Some(quote!(#field_type::Picklist(::std::borrow::Cow::Borrowed(#list))));
                }
                _ => return Err(meta.error("no such field attribute")),
            }
            Ok(())
        })?;
    }
    Ok(out)
}
