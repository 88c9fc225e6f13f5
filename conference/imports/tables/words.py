"""What the heads of tables call their columns, in the portal's six languages; bars and line ends between them."""

BY_FIELD = {
    "id": "uuid|guid",
    "slug": "",
    "lang": "language of the texts",
    "name": """
        name|names|nom|nombre|denominacion|название|наименование|名称|名字|الاسم|اسم|official name|full name
        facility name|nom officiel|nombre oficial|полное название|中文名称|facility|laboratory|lab name
        laboratoire|laboratorio|лаборатория|实验室|实验室名称|المختبر|science park|park|park name|center name
        centre name|centre|center
    """,
    "title": """
        title|agreement|agreement title|name of agreement|treaty|project|project title|project name|titre
        intitule|titulo|заголовок|тема|标题|题目|项目名称|协定名称|العنوان|عنوان|عنوان المشروع|titre du projet
        titulo del proyecto|название проекта|название соглашения|titre de l accord|titulo del acuerdo
    """,
    "organisations.name": """
        organisation|organization|organisation name|organization name|institution|institution name|organisme
        institucion|organizacion|организация|учреждение|机构|机构名称|组织|单位|المنظمة|المؤسسة|اسم المنظمة
    """,
    "programmes.name": """
        programme|program|programme name|network|network name|programa|программа|сеть|计划|方案|网络|البرنامج
        الشبكة
    """,
    "summary": """
        summary|abstract|description|details|about|notes|remarks|resume|description courte|resumen|descripcion
        описание|аннотация|краткое описание|примечание|摘要|简介|描述|说明|الملخص|الوصف|ملاحظات
    """,
    "description": """
        description|summary|abstract|details|resume|descripcion|resumen|описание|аннотация|描述|简介|摘要|الوصف
        الملخص
    """,
    "kind": """
        kind|type|category|sort|form|nature|type of agreement|agreement type|facility type|type of organisation
        type of organization|categorie|genre|tipo|clase|categoria|вид|тип|категория|类型|类别|种类|النوع|الفئة
    """,
    "strand": """
        strand|line of cooperation|pillar|volet|axe|eje|linea de cooperacion|направление
        направление сотрудничества|主线|合作方向|المحور|مسار التعاون
    """,
    "parties": """
        parties|party|signatories|signatory|partners|partner|countries|country|participants|contracting parties
        parties signataires|signataires|pays|partes|signatarios|paises|pais|стороны|участники
        подписавшие стороны|страны|страна|缔约方|签署方|当事方|国家|الأطراف|الموقعون|البلدان|الدول|البلد
    """,
    "signed": """
        signed|date signed|signature|signature date|date of signature|date of signing|signing date|signed on
        year signed|date|year|date de signature|signe le|fecha de firma|firmado|fecha|подписано|дата подписания
        дата|签署日期|签署|签订日期|签订时间|日期|تاريخ التوقيع|وقع في|التاريخ
    """,
    "in_force": """
        in force|in force since|entry into force|date of entry into force|effective date|effective
        entree en vigueur|en vigueur depuis|entrada en vigor|en vigor desde|вступление в силу|вступило в силу
        生效日期|生效|دخول حيز النفاذ|تاريخ النفاذ|ساري منذ
    """,
    "ended": """
        ended|end|end date|expiry|expiry date|expired|terminated|termination date|valid until|fin|date de fin
        echeance|fecha de fin|termino|vencimiento|окончание|дата окончания|срок действия до|结束日期|到期日
        终止日期|النهاية|تاريخ الانتهاء
    """,
    "documents": "documents|document|documentos|документы|文件|الوثائق",
    "session": "session|seance|sesion|сессия|会议|الجلسة",
    "sources": "sources|source|fuentes|источники|来源|المصادر",
    "host": """
        host|host institution|host organisation|host organization|hosted by|hosting institution|lead institution
        institution|organisation|organization|operator|university|owner|hote|etablissement hote|institution hote
        organismo anfitrion|institucion anfitriona|anfitrion|базовая организация|принимающая организация
        организация|учреждение|依托单位|主办单位|承办单位|牵头单位|机构|المضيف|المؤسسة المضيفة|المؤسسة
    """,
    "partners": """
        partners|partner|partner institutions|partner institution|partner organisations|partner organizations
        partenaires|institutions partenaires|socios|instituciones asociadas|партнеры|партнёры
        организации партнеры|合作伙伴|合作单位|合作机构|共建单位|الشركاء|المؤسسات الشريكة
    """,
    "countries": """
        countries|country|country code|country codes|country name|nation|states|partner countries
        recipient countries|recipient country|iso|iso2|iso3|iso code|pays|pays partenaires|paises|pais|страны
        страна|страны партнеры|国家|国别|合作国家|受援国|البلدان|البلد|الدول|الدولة|location country
    """,
    "organisations.country": """
        country|country code|country name|nation|iso|iso2|iso3|pays|pais|страна|国家|国别|البلد|الدولة
    """,
    "fields": """
        fields|field|field of research|fields of research|research field|research fields|research area
        research areas|discipline|disciplines|domain|domains|sector|sectors|subject|domaine|domaines
        domaine de recherche|campo|campos|area de investigacion|disciplina|область|области|область исследований
        научное направление|研究领域|领域|学科|学科领域|المجال|المجالات|مجال البحث
    """,
    "founded": """
        founded|established|foundation|opened|opening date|date founded|date established|year founded
        year established|year of establishment|year|founding year|since|inception|fonde|cree en|date de creation
        annee de creation|fundado|fecha de fundacion|ano de fundacion|основан|основана|год основания
        дата основания|открыт|成立时间|成立年份|成立日期|建立时间|成立|سنة التأسيس|تاريخ التأسيس|تأسس
    """,
    "latitude": "latitude|lat|y|latitud|широта|纬度|خط العرض",
    "longitude": "longitude|long|lon|lng|x|longitud|долгота|经度|خط الطول",
    "coordinates": """
        coordinates|coordinate location|coords|location|geo|geolocation|lat long|lat lon|latitude longitude
        coordonnees|coordenadas|координаты|坐标|经纬度|الإحداثيات
    """,
    "organisations": """
        organisations|organizations|participating organisations|members|institutions|member organisations
        organisme|organismes|organizaciones|instituciones|организации|участвующие организации|机构|参与机构
        成员单位|المنظمات|المنظمات المشاركة
    """,
    "acronym": """
        acronym|abbreviation|short name|abbr|sigle|acronyme|sigla|acronimo|аббревиатура|сокращение|缩写|简称
        الاختصار|المختصر
    """,
    "ror": "ror|ror id|ror identifier",
    "address": "website|web site|homepage|web|site web|sitio web|сайт|网站|网址|الموقع الإلكتروني|webpage|web page",
    "other_names": """
        other names|aliases|alias|also known as|autres noms|otros nombres|другие названия|其他名称|别名
        أسماء أخرى
    """,
    "iati_identifier": """
        iati identifier|iati id|iati activity identifier|activity identifier|identifiant iati|identificador iati
        идентификатор iati|iati 标识符|معرف iati
    """,
    "status": "status|activity status|state|statut|etat|estado|статус|состояние|状态|项目状态|الحالة",
    "sectors": """
        sectors|sector|sector codes|sector code|dac sector|secteurs|secteur|sectores|сектора|сектор|部门|行业
        القطاعات|القطاع
    """,
    "planned_start": """
        planned start|planned start date|start planned|debut prevu|date de debut prevue|inicio previsto
        планируемое начало|计划开始|计划开始日期|البدء المخطط
    """,
    "actual_start": """
        actual start|start|start date|actual start date|start year|year|debut|date de debut|inicio
        fecha de inicio|начало|дата начала|开始日期|实际开始|开始时间|البدء|تاريخ البدء
    """,
    "planned_end": """
        planned end|planned end date|fin prevue|fin previsto|планируемое окончание|计划结束|计划结束日期
        الانتهاء المخطط
    """,
    "actual_end": """
        actual end|end|end date|actual end date|end year|completion date|fin|date de fin|fecha de fin|окончание
        дата окончания|结束日期|实际结束|结束时间|الانتهاء|تاريخ الانتهاء
    """,
    "funding": """
        funding|funder|funders|funding organisation|donor|donors|donor agency|bailleur|bailleurs|financeur
        donante|donantes|финансирующая организация|донор|资助方|资助机构|الجهة الممولة|الممول
    """,
    "accountable": """
        accountable|accountable organisation|responsable|responsible organisation|ответственная организация
        负责机构|الجهة المسؤولة
    """,
    "extending": "extending|extending organisation",
    "implementing": """
        implementing|implementing organisation|implementing organisations|implementing organization|implementer
        implementing agency|executing agency|agence d execution|organisme d execution|ejecutor
        organismo ejecutor|исполнитель|исполняющая организация|执行机构|实施机构|承担单位|الجهة المنفذة
    """,
    "budget_amount": """
        budget|budget amount|amount|total budget|total cost|cost|value|montant|budget total|importe|monto
        presupuesto|бюджет|сумма|стоимость|预算|金额|总预算|经费|الميزانية|المبلغ
    """,
    "budget_currency": "currency|budget currency|devise|monnaie|moneda|divisa|валюта|币种|货币|العملة",
    "budget_value_date": """
        value date|budget value date|date de valeur|fecha de valor|дата валютирования|起息日|تاريخ القيمة
    """,
    "regions": "regions|region|recipient regions|recipient region",
    "objectives": "objectives|objectifs|objetivos|цели|目标|الأهداف",
    "target_groups": "target groups|beneficiaries|groupes cibles|grupos destinatarios|целевые группы|目标群体",
    "further_description": "further description",
    "reporter": "reported by|reporting organisation|reporting org",
    "budgets": "budgets",
    "transactions": "transactions",
    "verified_on": "verified on|last verified on|last verified",
    "unreviewed": "",
}
