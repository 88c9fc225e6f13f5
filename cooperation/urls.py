from django.urls import path

from cooperation.views import overview, records

urlpatterns = [
    path("cooperation/", overview.CooperationPage.as_view(), name="cooperation"),
    path("cooperation/projects/", records.ProjectList.as_view(), name="projects"),
    path("cooperation/projects/<slug:slug>/", records.ProjectPage.as_view(), name="project"),
    path("cooperation/facilities/", records.FacilityList.as_view(), name="facilities"),
    path("cooperation/facilities/<slug:slug>/", records.FacilityPage.as_view(), name="facility"),
    path("cooperation/agreements/", records.AgreementList.as_view(), name="agreements"),
    path("cooperation/agreements/<slug:slug>/", records.AgreementPage.as_view(), name="agreement"),
    path("cooperation/programmes/", records.ProgrammeList.as_view(), name="cooperation-programmes"),
    path("cooperation/programmes/<slug:slug>/", records.ProgrammePage.as_view(), name="cooperation-programme"),
    path("cooperation/<slug:slug>/", overview.StrandPage.as_view(), name="strand"),
]
