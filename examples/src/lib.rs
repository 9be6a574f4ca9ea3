//! The main job: a company's business from quote to cash, on its own history.
//!
//! [`desk`] is a session on an open database, [`source`] reads a company's files with what belongs to them, [`check`]
//! says what may stand there, [`history`] brings them in, [`answers`] computes figures from reports that are data,
//! [`story`] lives a season of business on top, [`show`] prints, [`failure`] says why it ended.

pub mod answers;
pub mod arguments;
pub mod check;
pub mod desk;
pub mod failure;
pub mod history;
pub mod show;
pub mod source;
pub mod story;
