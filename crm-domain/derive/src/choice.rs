//! `#[derive(Choice)]`.

use crate::{doc, snake};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "Choice is derived on enums"));
    };
    let name = &input.ident;
    let (text, about) = (snake(&name.to_string()), doc(&input.attrs));
    let mut options = Vec::new();
    let mut to = Vec::new();
    let mut from = Vec::new();
    let Some(first) = data.variants.first().map(|variant| &variant.ident) else {
        return Err(Error::new_spanned(input, "a list has options"));
    };
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "an option has no fields"));
        }
        let (ident, code) = (&variant.ident, snake(&variant.ident.to_string()));
        options.push(quote!(#code));
        to.push(quote!(#name::#ident => #code));
        from.push(quote!(#code => ::core::option::Option::Some(#name::#ident)));
    }
    Ok(quote! {
        impl ::crm_kernel::record::Choice for #name {
            const DEF: &'static ::crm_kernel::record::ChoiceDef =
                &::crm_kernel::record::ChoiceDef { name: #text, doc: ::crm_kernel::record::page_text(#about), options: &[#(#options),*] };
            fn code(self) -> &'static str {
                match self { #(#to),* }
            }
            fn from_code(code: &str) -> ::core::option::Option<Self> {
                match code { #(#from,)* _ => ::core::option::Option::None }
            }
        }
        impl ::crm_kernel::record::FieldValue for #name {
            const TYPE: ::crm_kernel::record::FieldType =
                ::crm_kernel::record::FieldType::Choice(<#name as ::crm_kernel::record::Choice>::DEF);
            fn unread() -> Self {
                #name::#first
            }
            fn to_value(
                &self,
                _: &::crm_kernel::record::FieldType,
            ) -> ::crm_kernel::error::Result<::crm_kernel::value::Value> {
                ::core::result::Result::Ok(::crm_kernel::value::Value::Text(
                    ::crm_kernel::record::Choice::code(*self).to_owned(),
                ))
            }
            fn from_value(value: &::crm_kernel::value::Value) -> ::crm_kernel::error::Result<Self> {
                value.as_text().and_then(<#name as ::crm_kernel::record::Choice>::from_code)
                    .ok_or_else(|| ::crm_kernel::record::mismatch(#text, value))
            }
        }
    })
}
