//! The web door of the CRM engine.
