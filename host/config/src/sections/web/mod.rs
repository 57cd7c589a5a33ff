//! `web`: the page, its address (`listen`), and the proof that its visitors give (`auth`).

pub(crate) mod auth;
pub(crate) mod listen;
pub(crate) mod web;
