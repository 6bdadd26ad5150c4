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
    ///
    /// A step whose `when` asks whether there is a refresh token, as `{{ session.refreshToken ?? false }}` does, is skipped where
    /// there is none: what else stands in it needs one only if no step goes on in its place, one that asks, too, or a later one.
    pub(super) fn find_needs(&mut self) {
        let (mut needs, mut may_need, mut goes_on, mut metadata) = (false, false, false, false);
        for step in &self.steps {
            let mut found = Needs::default();
            step.when.iter().for_each(|when| found.see(when));
            let (is_asked, is_needed) = (found.names, found.needs);
            let see = &mut |template: &Template| found.see(template);
            match &step.action {
                Action::Form(form) => form.templates(see),
                Action::Request(endpoint) => endpoint.templates(see),
                Action::Query(_, Some(shape)) | Action::Define(Define { variables: shape, .. }) => shape.templates(see),
                Action::Authorize(authorize) => {
                    authorize.templates(see);
                    metadata |= authorize.needs_metadata();
                }
                Action::Query(_, None) | Action::Script(_) | Action::Call(_) => {}
            }
            needs |= is_needed || found.needs && !is_asked;
            goes_on |= !found.needs && !matches!(step.action, Action::Define(_)) && (is_asked || may_need);
            may_need |= found.needs;
            metadata |= found.metadata;
        }
        self.needs_refresh_token = needs || may_need && !goes_on;
        self.needs_metadata = metadata;
    }
}

/// What the templates of a step name.
#[derive(Default)]
struct Needs {
    /// The refresh token.
    names: bool,
    /// That, where evaluation fails without it.
    needs: bool,
    metadata: bool,
}

impl Needs {
    fn see(&mut self, template: &Template) {
        template.uses(&mut |used| {
            let is_refresh = matches!(used.member, Some("refreshToken" | "refreshtoken" | "refresh_token"))
                && matches!(used.root, "session" | "inputs");
            self.names |= is_refresh;
            self.needs |= is_refresh && used.required;
            self.metadata |= used.root == "metadata";
        });
    }
}
