//! What a flow can't do without.

use super::{Action, Program, Step};
use crate::core::flow::define::Define;
use crate::core::template::Template;

impl Program {
    /// Whether a template can't do without the refresh token.
    pub const fn needs_refresh_token(&self) -> bool {
        self.needs_refresh_token
    }

    /// Whether a template or a step can't do without the server's metadata.
    pub const fn needs_metadata(&self) -> bool {
        self.needs_metadata
    }

    /// The step that can't be without what is found out before the first: the one that leaves the page, else the first.
    pub fn waiting_step(&self) -> Option<&Step> {
        let leaves = |step: &&Step| matches!(step.action, Action::Authorize(_));
        self.steps.iter().find(leaves).or(self.steps.first())
    }

    /// Finds out what its templates can't do without.
    pub(super) fn find_needs(&mut self) {
        let (mut refresh_token, mut metadata) = (false, false);
        let see = &mut |template: &Template| {
            template.uses(&mut |used| {
                let is_refresh = matches!(used.member, Some("refreshToken" | "refreshtoken" | "refresh_token"));
                refresh_token |= used.required && is_refresh && matches!(used.root, "session" | "inputs");
                metadata |= used.root == "metadata";
            });
        };
        let mut has_metadata_step = false;
        for step in &self.steps {
            step.when.iter().for_each(&mut *see);
            match &step.action {
                Action::Form(form) => form.templates(see),
                Action::Request(endpoint) => endpoint.templates(see),
                Action::Query(_, Some(shape)) | Action::Define(Define { variables: shape, .. }) => shape.templates(see),
                Action::Authorize(authorize) => {
                    authorize.templates(see);
                    has_metadata_step |= authorize.needs_metadata();
                }
                Action::Query(_, None) | Action::Script(_) | Action::Call(_) => {}
            }
        }
        self.needs_refresh_token = refresh_token;
        self.needs_metadata = metadata || has_metadata_step;
    }
}
