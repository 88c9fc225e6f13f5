from content.views.pages import DetailPage, ListPage
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS


class ProjectList(ListPage):
    listing = PROJECTS
    template_name = "cooperation/projects.html"


class ProjectPage(DetailPage):
    listing = PROJECTS
    template_name = "cooperation/project.html"


class FacilityList(ListPage):
    listing = FACILITIES
    template_name = "cooperation/facilities.html"


class FacilityPage(DetailPage):
    listing = FACILITIES
    template_name = "cooperation/facility.html"


class AgreementList(ListPage):
    listing = AGREEMENTS
    template_name = "cooperation/agreements.html"


class AgreementPage(DetailPage):
    listing = AGREEMENTS
    template_name = "cooperation/agreement.html"


class ProgrammeList(ListPage):
    listing = PROGRAMMES
    template_name = "cooperation/programmes.html"


class ProgrammePage(DetailPage):
    listing = PROGRAMMES
    template_name = "cooperation/programme.html"
