//! The main job: a company's business from quote to cash, on its own history.
//!
//! [`desk`] is a session on an open database, [`history`] brings a company's files in, [`answers`] computes figures from
//! reports that are data, [`story`] lives a week of business on top, [`show`] prints, [`failure`] says why it ended.

pub mod answers;
pub mod arguments;
pub mod desk;
pub mod failure;
pub mod history;
pub mod show;
pub mod story;
