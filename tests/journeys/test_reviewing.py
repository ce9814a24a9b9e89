"""The reviewers' part: the queue by role, the track, what each stage looks at, and rejections (steps 14–22)."""

from hashlib import sha256
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import people
from tests.journeys.cast import Cast
from tests.journeys.installation import Installation

COMPANY = "深圳云帆科技"
NEXT = "Provider review passed. {name} goes to business review."


def test_the_queue_holds_what_waits_for_the_role(cast: Cast, installation: Installation) -> None:
    waiting = {stage: installation.has(f"{stage}-{cast.mark}", standing=stage).name for stage in ("provider", "business", "technical")}
    everybody = {"provider": cast.head, "business": cast.business, "technical": cast.technical}
    for stage, reviewer in everybody.items():
        others = tuple(name for name in waiting.values() if name != waiting[stage])
        reviewer.find_in_queue(waiting[stage], besides=others)
    # Only the provider's own people, and who keeps the platform, follow every stage.
    cast.business.find_in_queue(waiting["technical"], tab="processed", besides=(waiting["provider"],))
    cast.administrator.find_in_queue(*waiting.values(), tab="all")

    head, app = cast.head, waiting["provider"]
    head.claim(app)
    head.find_in_queue(app, tab="mine")
    head.follow("Continue review", head.row(app))
    head.pass_stage(NEXT, f"{app} 1.0.0")
    head.find_in_queue(besides=(app,))
    head.find_in_queue(app, tab="processed")
    cast.business.find_in_queue(app)


def test_the_provider_looks_at_what_it_offers(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"keel-{cast.mark}", standing="provider")
    head = cast.head
    head.go(app.review)
    for name in ("Pass", "Reject…", "Deploy test"):
        head.cannot(name, within=head.panel)
    head.press("Start processing", head.panel)
    expect(head.station("Provider review")).to_have_attribute("aria-current", "step")
    head.see_text(people.HEAD, within=head.station("Provider review"))
    for later in ("Business review", "Technical review"):
        expect(head.station(later)).to_have_class("todo")
    head.see_text(f"{app.name} greets everybody", people.DEVELOPER, "nginx:1.29", "1 Deployment")
    head.look_into("Instructions")
    expect(head.main.get_by_role("heading", name=f"Use of {app.name}")).to_be_visible()
    head.look_into("Files")
    head.see_text("values.yaml", "replicas: 1")
    head.look_into("Update log")
    head.see("The developer has written no update log.")
    head.press("Pass")
    head.answer("Look again")
    expect(head.station("Provider review")).to_have_class("now")
    head.pass_stage(NEXT, f"{app.name} 1.0.0")
    expect(head.station("Provider review")).to_have_class("done")
    expect(head.station("Business review")).to_have_class("wait")
    for name in ("Pass", "Reject…", "Give back"):
        head.cannot(name, within=head.panel)


def test_the_business_reviewer_reads_who_offers_it(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"ledger-{cast.mark}", standing="business")
    business = cast.business
    business.claim(app.name)
    business.cannot("Deploy test")
    business.see_text(f"{app.name} greets everybody")
    business.look_into("Provider")
    business.see_text(COMPANY, people.HEAD, "https://example.com", "云帆把常用的开源应用打包成经过验证的版本，并长期维护。")
    business.see("Certified")
    # The address of a test deployment, typed by hand, is closed too.
    business.go(f"{app.review}/test")
    business.be_refused("Your role doesn't allow this. An administrator can grant it.")


def test_the_technical_reviewer_reads_and_takes_the_package(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"sounding-{cast.mark}", standing="technical")
    technical = cast.technical
    technical.claim(app.name)
    expect(technical.tab("Files")).to_have_attribute("aria-current", "page")
    technical.follow("values.yaml")
    technical.see_text("greeting: hello from 1.0.0")
    technical.follow("Rendered")
    technical.see_text("kind: ConfigMap", "kind: Service")
    expect(technical.link("Deploy test")).to_be_visible()
    with technical.page.expect_download() as coming:
        technical.follow("Download package")
    digest = sha256(Path(coming.value.path()).read_bytes()).hexdigest()
    technical.go(app.version)
    technical.see_text(digest[:7])


def test_a_rejection_brings_it_back_and_a_new_review_begins(cast: Cast, installation: Installation) -> None:
    app = installation.has(f"flare-{cast.mark}", standing="business")
    business, developer = cast.business, cast.developer
    business.claim(app.name)
    business.press("Reject…")
    business.answer("Reject this version")
    business.see("Say why it is rejected.", within=business.dialog)
    business.answer("Look again")
    business.see_state("In business review")
    business.reject("The terms are missing\nWrite them first")

    developer.go(app.version)
    developer.see_state("Rejected")
    developer.see_text("The terms are missing", people.BUSINESS)
    developer.look_at_record(app.app, app.version)
    developer.see_text("The terms are missing", app.review.rpartition("/")[2], people.BUSINESS)
    developer.go(app.version)
    developer.write_log("Now with terms")
    developer.see_state("Draft")
    developer.submit()

    first = app.review
    cast.business.find_in_queue(besides=(app.name,))
    cast.head.claim(app.name)
    assert cast.head.page.url.rpartition("/")[2] != first.rpartition("/")[2]
    expect(cast.head.station("Provider review")).to_have_class("now")
    cast.head.see_text("The terms are missing", within=cast.head.card("Earlier submissions"))
    business.go(first)
    business.see_state("Rejected")
