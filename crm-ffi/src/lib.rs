//! The C door of the CRM engine.
