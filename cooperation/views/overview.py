from django.http import Http404

from content.models import Strand
from content.views.pages import PublicPage


class CooperationPage(PublicPage):
    template_name = "cooperation/cooperation.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"strands": list(Strand.objects.published())}


class StrandPage(PublicPage):
    template_name = "cooperation/strand.html"

    def get_context_data(self, **kwargs):
        strand = Strand.objects.published().filter(slug=self.kwargs["slug"]).first()
        if strand is None:
            raise Http404
        return super().get_context_data(**kwargs) | {"strand": strand}
