//! How the parts of the page stand together.

use yew::prelude::*;

use super::commands::Over;
use super::picture::Picturing;
use super::{App, Pane};
use crate::browser;
use crate::position::Place;
use crate::view::diagram::DiagramView;
use crate::view::header::Header;
use crate::view::report::ReportView;
use crate::view::review::{ReviewPanel, Standing, status};
use crate::view::share::SharePanel;
use crate::view::sources_panel::SourcesPanel;
use crate::view::trouble::TroubleBanner;

impl App {
    pub(super) fn view_page(&self, ctx: &Context<Self>) -> Html {
        let on = &self.on;
        let has_sources = !self.sources.is_blank();
        html! {
            <div class={classes!("page", match self.pane {
                Pane::Sources => "at-sources",
                Pane::Review => "at-review",
            })}>
                <Header name={self.name()} theme={self.theme} read_only={self.read_only}
                    can_export={self.reviewed.is_some()} can_share={has_sources}
                    sharing={self.sharing.is_some()} reviews={self.keeping.is_open()}
                    on_reviews={self.keeping.toggle()}
                    on_example={on.example.clone()} on_export={on.export.clone()}
                    on_share={on.share.clone()} on_edit={on.edit.clone()} on_theme={on.theme.clone()}
                    on_commands={on.over.reform(|()| Some(Over::Palette))} />
                { self.view_share() }
                { self.view_reviews() }
                { self.view_switch() }
                <main>
                    <SourcesPanel sources={self.shown_sources.clone()} tab={self.tab}
                        active={self.active_file()} read_only={self.read_only}
                        select={self.select.clone()} marks={self.marks.clone()}
                        pages={self.pages.clone()} field={self.field.clone()} remark={self.foot()}
                        on_tab={on.tab.clone()} on_pick={on.pick.clone()} on_add={on.add.clone()}
                        on_rename={on.rename.clone()} on_remove={on.remove.clone()}
                        on_move={on.change_side.clone()} on_items={on.items.clone()}
                        on_pick_files={on.pick_files.clone()} intake={self.openings.intake.clone()}
                        on_stop_opening={on.stop_opening.clone()}
                        on_dismiss_opening={on.dismiss_opening.clone()} on_typed={on.typed.clone()}
                        on_replaced={on.replaced.clone()} on_mark={on.mark.clone()} />
                    <section class="review" aria-label="Review">
                        { self.view_trouble() }
                        if let Some(report) = &self.report {
                            <ReportView html={report.html.clone()} on_close={on.report.reform(|()| false)} />
                        } else if let (Some(picture), Some(reviewed)) = (&self.picture, &self.reviewed) {
                            <DiagramView reviewed={reviewed.clone()} svg={picture.svg()}
                                wish={picture.wish().clone()} working={picture.is_working()}
                                on_wish={on.picture.reform(Picturing::Wish)}
                                on_save={on.picture.reform(Picturing::Save)}
                                on_close={on.picture.reform(|()| Picturing::Close)}
                                on_show={on.show.clone()} />
                        } else {
                            { self.view_review(Some(on.show.clone())) }
                        }
                    </section>
                </main>
                { self.view_live() }
                { self.view_over(ctx) }
            </div>
        }
    }

    /// The review alone, for another page's frame: its height is its content's.
    pub(super) fn view_embedded(&self) -> Html {
        let full = format!("{}{}", browser::page_url(), browser::fragment());
        let has_link = !browser::fragment().is_empty();
        html! {
            <main class="embedded review" ref={self.frame.clone()}>
                { self.view_trouble() }
                if has_link {
                    { self.view_review(None) }
                } else {
                    <div class="empty"><p>
                        { "This frame shows a review when its address ends with the fragment of a review \
                           link (#/view/…)." }
                    </p></div>
                }
                <p class="stamp">
                    { "Reviewed in the browser by Schemaward. " }
                    <a href={full} target="_blank" rel="noopener">{ "Open with its sources" }</a>
                </p>
                { self.view_live() }
            </main>
        }
    }

    fn view_review(&self, on_show: Option<Callback<Place>>) -> Html {
        let on = &self.on;
        let on_report = on_show.is_some().then(|| on.report.reform(|()| true));
        let on_picture = on_show.is_some().then(|| on.picture.reform(Picturing::Open));
        let on_left_out = on_show.is_some().then(|| on.left_out.clone());
        html! {
            <ReviewPanel standing={self.standing()} {on_show} wanted={self.wanted.clone()} phase={self.phase.words()}
                noted={self.noted.clone()} on_note={on_left_out.is_some().then(|| on.note.clone())}
                left_out={self.left_out.clone()} outlook={self.outlook.clone()} {on_left_out}
                {on_report} {on_picture} on_cancel={on.cancel.clone()} on_save_migration={on.save_migration.clone()}
                on_copy={on.copy.clone()} on_example={on.example.clone()} />
        }
    }

    fn standing(&self) -> Standing {
        let working = self.reviewing.is_some() || self.opening.is_some();
        match (&self.reviewed, working) {
            (Some(reviewed), working) => Standing::Done { reviewed: reviewed.clone(), working },
            (None, true) => Standing::Working,
            (None, false) => Standing::Blank,
        }
    }

    /// The line beside the brand.
    fn name(&self) -> String {
        self.reviewed
            .as_ref()
            .map(|reviewed| {
                let review = &reviewed.review;
                let mode = if self.read_only { " · read only" } else { "" };
                format!("{} · {}{mode}", review.standard, review.date)
            })
            .unwrap_or_default()
    }

    /// What the foot of the sources says on the right.
    fn foot(&self) -> String {
        if self.reviewing.is_some() {
            return "reviewing …".to_owned();
        }
        self.reviewed
            .as_ref()
            .map(|it| format!("reviewed in {:.0} ms", it.milliseconds))
            .unwrap_or_default()
    }

    fn view_share(&self) -> Html {
        let on = &self.on;
        match &self.sharing {
            Some(sharing) => html! {
                <SharePanel packed={sharing.packed.clone().map(AttrValue::from)} page={browser::page_url()}
                    read_only={sharing.read_only} on_mode={on.share_mode.clone()}
                    on_copy={on.copy.clone()} on_close={on.close_share.clone()} />
            },
            None => html! {},
        }
    }

    /// On a narrow page one half is shown at a time.
    fn view_switch(&self) -> Html {
        let choice = |pane: Pane, title: &str| {
            let pressed = (self.pane == pane).to_string();
            html! {
                <button type="button" aria-pressed={pressed} onclick={self.on.pane.reform(move |_| pane)}>
                    { title }
                </button>
            }
        };
        html! {
            <nav class="switch" aria-label="Show">
                { choice(Pane::Sources, "Sources") }
                { choice(Pane::Review, "Review") }
            </nav>
        }
    }

    fn view_trouble(&self) -> Html {
        let on = &self.on;
        match &self.trouble {
            Some(trouble) => html! {
                <TroubleBanner trouble={trouble.clone()} on_retry={on.retry.clone()}
                    on_reload={on.reload.clone()} on_dismiss={on.dismiss.clone()}
                    on_standard={(!self.embedded).then(|| on.show_standard.clone())} />
            },
            None => html! {},
        }
    }

    /// What a screen reader says without being asked, and the short messages everybody sees.
    fn view_live(&self) -> Html {
        let review = match (&self.reviewed, self.reviewing.is_some()) {
            (_, true) => "Reviewing".to_owned(),
            (Some(reviewed), false) => {
                let counts = status::Counts::of(&reviewed.review);
                format!(
                    "Review ready: {}, {} critical, {} warnings",
                    status::title(&reviewed.review),
                    counts.critical,
                    counts.warnings,
                )
            }
            (None, false) => String::new(),
        };
        html! {
            <>
                <p class="visually-hidden" role="status">{ review }</p>
                { self.view_remark() }
            </>
        }
    }
}
