//! The main job and small programs.
