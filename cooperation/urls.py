from django.urls import path

from content.views.cards import carded
from content.views.citations import cited
from cooperation.views import overview, records

urlpatterns = [
    path("cooperation/", overview.CooperationPage.as_view(), name="cooperation"),
    path("cooperation/projects/", records.ProjectList.as_view(), name="projects"),
    *cited("cooperation/projects/<slug:slug>/", records.ProjectPage, "project"),
    path("cooperation/facilities/", records.FacilityList.as_view(), name="facilities"),
    *cited("cooperation/facilities/<slug:slug>/", records.FacilityPage, "facility"),
    path("cooperation/agreements/", records.AgreementList.as_view(), name="agreements"),
    *cited("cooperation/agreements/<slug:slug>/", records.AgreementPage, "agreement"),
    path("cooperation/programmes/", records.ProgrammeList.as_view(), name="cooperation-programmes"),
    *cited("cooperation/programmes/<slug:slug>/", records.ProgrammePage, "cooperation-programme"),
    *carded("cooperation/<slug:slug>/", overview.StrandPage, "strand"),
]
