"""People, roles and departments for programs: the verbs of their pages."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from roadstead.accounts import departments, roles, schemas, selectors, services
from roadstead.accounts import people as keeping
from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.people_views import keeper_at, keeper_of
from roadstead.accounts.repeating import once
from roadstead.core.api import Id, PageOf, listed
from roadstead.core.finding import found
from roadstead.core.pages import actor_of

READ, WRITE = Bearer(Scope.PEOPLE_READ), Bearer(Scope.PEOPLE_WRITE)
people, role_router, department_router = Router(tags=["people"]), Router(tags=["roles"]), Router(tags=["departments"])


@people.get("", response=PageOf[schemas.Person], auth=READ, operation_id="list_people")
def list_people(request: HttpRequest, asked: Query[schemas.PeopleAsked]) -> PageOf[schemas.Person]:
    """List the people in reach of whoever keeps them; former ones only if they are asked for."""
    rows = selectors.people_listed(keeper_of(request), words=asked.q, role=asked.role, status=asked.status, portal=asked.portal)
    return listed(rows, asked, schemas.Person.of, sort=asked.sort)


@people.post("", response={201: schemas.PersonWithPassword}, auth=WRITE, operation_id="add_person")
def add_person(request: HttpRequest, sent: schemas.NewPerson) -> schemas.PersonWithPassword:
    """Add a person with a generated password, which is answered this once."""
    made, password = keeping.add_person(actor=actor_of(request), email=sent.email, role=sent.role, name=sent.name, group=sent.department)
    return schemas.PersonWithPassword(**schemas.Person.of(made).model_dump(), password=password)


@people.get("/{user_id}", response=schemas.Person, auth=READ, operation_id="get_person")
def get_person(request: HttpRequest, user_id: Id) -> schemas.Person:
    """Return one person."""
    rows = selectors.people_visible_to(keeper_at(request)).select_related("role", "group")
    return schemas.Person.of(found(rows, user_id))


@people.patch("/{user_id}", response=schemas.Person, auth=WRITE, operation_id="edit_person")
def edit_person(request: HttpRequest, user_id: Id, sent: schemas.PersonEdit) -> schemas.Person:
    """Change what is known of a person; in another department, what they own goes with them."""
    actor = keeper_at(request)
    return schemas.Person.of(
        keeping.edit_person(actor=actor, user_id=user_id, name=sent.name, description=sent.description, group=sent.department)
    )


@people.post("/{user_id}/role", response=schemas.Person, auth=WRITE, operation_id="set_role")
def set_role(request: HttpRequest, user_id: Id, sent: schemas.RoleChoice) -> schemas.Person:
    """Give a person another role; what the former one allowed ends at once."""
    return schemas.Person.of(services.set_role(actor=keeper_at(request), user_id=user_id, role_id=sent.role))


@people.post("/{user_id}/password", response=schemas.PersonWithPassword, auth=WRITE, operation_id="set_password")
def set_password(request: HttpRequest, user_id: Id) -> schemas.PersonWithPassword:
    """Give a person a new generated password, which is answered this once; their sessions end."""
    user, password = keeping.set_password(actor=keeper_at(request), user_id=user_id)
    return schemas.PersonWithPassword(**schemas.Person.of(user).model_dump(), password=password)


@people.post("/{user_id}/suspend", response=schemas.Person, auth=WRITE, operation_id="suspend_person")
def suspend_person(request: HttpRequest, user_id: Id) -> schemas.Person:
    """Refuse a person's sign-in and tokens from now on."""
    return schemas.Person.of(services.suspend_user(actor=keeper_at(request), user_id=user_id))


@people.post("/{user_id}/reactivate", response=schemas.Person, auth=WRITE, operation_id="reactivate_person")
def reactivate_person(request: HttpRequest, user_id: Id) -> schemas.Person:
    """Let a suspended person in again."""
    return schemas.Person.of(services.reactivate_user(actor=keeper_at(request), user_id=user_id))


@people.delete("/{user_id}", response={204: None}, auth=WRITE, operation_id="delete_person")
def delete_person(request: HttpRequest, user_id: Id) -> HttpResponse:
    """Close an account for good."""
    services.delete_user(actor=keeper_at(request), user_id=user_id)
    return HttpResponse(status=204)


@role_router.get("", response=PageOf[schemas.Role], auth=READ, operation_id="list_roles")
def list_roles(request: HttpRequest, asked: Query[schemas.RolesAsked]) -> PageOf[schemas.Role]:
    """List the roles that this person may look at."""
    rows = selectors.roles_visible_to(actor_of(request)).filter(name__icontains=asked.q).prefetch_related("grants")
    return listed(rows, asked, schemas.Role.of, sort=asked.sort)


@role_router.post("", response={201: schemas.Role}, auth=WRITE, operation_id="create_role")
@once
def create_role(request: HttpRequest, sent: schemas.NewRole) -> schemas.Role:
    """Make a role; it may do nothing yet."""
    return schemas.Role.of(roles.create_role(actor=actor_of(request), name=sent.name, description=sent.description))


@role_router.get("/{role_id}", response=schemas.Role, auth=READ, operation_id="get_role")
def get_role(request: HttpRequest, role_id: Id) -> schemas.Role:
    """Return one role with what it may do."""
    return schemas.Role.of(found(selectors.roles_visible_to(actor_of(request)), role_id))


@role_router.patch("/{role_id}", response=schemas.Role, auth=WRITE, operation_id="edit_role")
def edit_role(request: HttpRequest, role_id: Id, sent: schemas.NewRole) -> schemas.Role:
    """Call a role something else."""
    return schemas.Role.of(roles.edit_role(actor=keeper_at(request), role_id=role_id, name=sent.name, description=sent.description))


@role_router.put("/{role_id}/grants", response=schemas.Role, auth=WRITE, operation_id="set_grants")
def set_grants(request: HttpRequest, role_id: Id, sent: schemas.GrantWishes) -> schemas.Role:
    """Replace what a role may do; it holds from the next request of everybody who has the role."""
    wanted = {wish.module: (wish.level, wish.actions) for wish in sent.grants}
    changed = roles.set_grants(actor=keeper_at(request), role_id=role_id, wanted=wanted)
    return schemas.Role.of(found(selectors.roles_visible_to(actor_of(request)), changed.pk))


@role_router.delete("/{role_id}", response={204: None}, auth=WRITE, operation_id="delete_role")
def delete_role(request: HttpRequest, role_id: Id) -> HttpResponse:
    """Delete a role that nobody has."""
    roles.delete_role(actor=keeper_at(request), role_id=role_id)
    return HttpResponse(status=204)


@department_router.get("", response=list[schemas.Department], auth=READ, operation_id="list_departments")
def list_departments(request: HttpRequest) -> list[schemas.Department]:
    """Return the tree of the company's departments, in the order of its paths."""
    return [schemas.Department.of(group) for group in selectors.groups_visible_to(keeper_of(request))]


@department_router.post("", response={201: schemas.Department}, auth=WRITE, operation_id="add_department")
@once
def add_department(request: HttpRequest, sent: schemas.NewDepartment) -> schemas.Department:
    """Add a department below another."""
    return schemas.Department.of(departments.add_department(actor=keeper_of(request), parent_id=sent.parent, name=sent.name))


@department_router.patch("/{group_id}", response=schemas.Department, auth=WRITE, operation_id="rename_department")
def rename_department(request: HttpRequest, group_id: Id, sent: schemas.DepartmentName) -> schemas.Department:
    """Call a department something else."""
    return schemas.Department.of(departments.rename_department(actor=keeper_at(request), group_id=group_id, name=sent.name))


@department_router.delete("/{group_id}", response={204: None}, auth=WRITE, operation_id="delete_department")
def delete_department(request: HttpRequest, group_id: Id) -> HttpResponse:
    """Delete a department in which nobody sits."""
    departments.delete_department(actor=keeper_at(request), group_id=group_id)
    return HttpResponse(status=204)
