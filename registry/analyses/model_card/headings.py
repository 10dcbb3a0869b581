"""What a heading is about: its wording, in the main languages of model cards, mapped to the 18 items.

The items and their sections follow Mitchell et al. 2019, “Model Cards for Model Reporting”
(doi:10.1145/3287560.3287596), and the annotated Hugging Face template. A heading may name several.
"""

import re

# Patterns match the heading in lower case, without numbering, emoji and “[optional]”.
TOPICS = {
    "description": (
        r"model (?:description|summary|details|overview|type|architecture)|^(?:description|overview"
        r"|introduction|about|summary|basics)\b|what is\b|architecture|^(?:language )?model$|base model"
        r"|downstream[- ]task|^task"
        r"|descripci[oó]n|descri[cç][aã]o|descrizione|beschreibung|überblick|présentation|introducción"
        r"|introdução|beschrijving|описание|模型(?:介绍|描述|简介|概述|架构|描述)|简介|介绍|概要|モデル(?:概要"
        r"|の説明|詳細)|모델 ?(?:설명|소개)"
        r"|açıklama|deskripsi|توضیح|الوصف"
    ),
    "developer": (
        r"^(?:model )?(?:developers?|authors?|creators?|contributors?|team|maintainers?|owners?"
        r"|publisher)\b|develop(?:ed|ing) by|developed|created by|trained by|shared by|organi[sz]ation"
        r"|who (?:made|built|are we)|authored by|model card authors?|funded by|about us|^by$"
        r"|citing & authors"
        r"|autore[sn]?\b|auteurs?|autor(?:es|en)?\b|desarrollad|desenvolvid|sviluppat|entwickel|développ|equipo"
        r"|équipe|作者|开发者|开发团队|開発者|作成者|제작자|개발자|автор|разработчик|geliştir|penulis|pengembang"
    ),
    "date_version": (
        r"\b(?:model )?(?:date|versions?|releases?|changelog|last updated|published|updated?|release notes"
        r"|history|news)\b|release date|versión|versão|datum|fecha|data (?:di rilascio|de lançamento)"
        r"|versione|дата|верси[яи]|版本|发布日期|更新(?:日志)?|バージョン|更新履歴|버전|업데이트|sürüm|versi\b"
    ),
    "licence": (
        r"\blicen[cs](?:e|es|ing|e\(s\)|e information)\b|terms of use|copyright|licencia|licença|licenza"
        r"|lizenz|lisans|lisensi|лицензия|许可证?|许可协议|授权|協議|协议|ライセンス|라이[선센]스|الترخيص|مجوز"
    ),
    "citation": (
        r"\bcit(?:e|es|ed|ing|ation|ations)\b|bibtex|\bpapers?\b|reference[s]?\b|publications?|how to cite"
        r"|acknowledge us|paper (?:&|and) samples|\bapa\b"
        r"|cita(?:r|ción|ção|zione)?\b|zitier|zitat|citer|referenz|цитирова|ссылк|引用|论文|論文|参考文献|인용"
        r"|atıf|kutipan"
        r"|sitasi"
    ),
    "contact": (
        r"contacts?\b|feedback|\bquestions?\b|support\b|get in touch|where to send|reach (?:us|me|out)"
        r"|report(?:ing)? (?:issues|bugs|problems)|issues\b|send questions|questions or comments|help\b"
        r"|contacto|contato|contatti|kontakt|fragen|обратная связь|контакт|联系|反馈|問い合わせ|連絡先|문의"
        r"|연락|iletişim|kontak"
    ),
    "intended_use": (
        r"intended (?:us\w+|purpose)|(?<!mis)(?<!of )(?:primary|secondary|direct|downstream|indirect"
        r"|evaluated|recommended|suggested|potential|target)\s+(?:intended )?(?:us(?:e|es|ers?|age)\b"
        r"|purpose)|^(?:model )?uses?\b(?! this| the| it)|use ?cases?|^purpose|goals?\b|applications?\b"
        r"|what (?:can|is) (?:it|this|the model) (?:be )?(?:used )?for|intended (?:&|and)|audience|intent\b"
        r"|secondary uses|uses:|users$"
        r"|uso (?:previsto|pretendido|previsti)|usos\b|casos? de uso|utilisations? (?:prévue|visée)"
        r"|cas d['’]usage|verwendungszweck|einsatz|anwendungs|beoogd gebruik|применени|назначение|用途|适用"
        r"|预期(?:用途"
        r"|使用)|使用场景|应用场景|想定(?:用途|される利用)|利用目的|용도|사용 ?목적|kullanım (?:amac|alan)"
        r"|tujuan"
    ),
    "out_of_scope": (
        r"out[- ]of[- ]scope|misuse|malicious|not (?:recommended|intended|suitable)|prohibited"
        r"|excluded uses|uses? to avoid|unsupported|restrictions?\b|fuera de alcance|fora do escopo"
        r"|hors (?:de )?(?:portée|champ)|nicht (?:vorgesehen|geeignet)|не предназнач|禁止|不适用|超出范围"
        r"|対象外|禁止事項"
        r"|범위 ?외"
    ),
    "limitations": (
        r"limitation|caveats?|known issues|failure|weakness|shortcoming|constraints|drawback|attention\b"
        r"|trade-?offs|limitac|limitaç|limiti\b|limites?\b|einschränkung|grenzen|beperking|ограничени|局限|限制"
        r"|不足|制限|制約|限界|한계|제한|sınırl|keterbatasan|محدودیت|القيود"
    ),
    "bias_risks": (
        r"\bbias|\brisks?\b|\bharms?\b|ethic|fairness|safety|privacy|broader impli|broader impact|societal"
        r"|social impact|content warning|sensitive|responsib|misuse|malicious"
        r"|sesgo|viés|vieses|riesgo|risco|\bbiais\b|risque|éthi|verzerrung|risik|ethisch|предвзят|риск|этич|偏见"
        r"|偏見|偏差|风险|風險|伦理|倫理|バイアス|リスク|安全|편향|위험|윤리|önyargı|risiko"
    ),
    "mitigation": (
        r"mitigat|recommendation|safeguard|guardrail|responsible use|safe use|best practices|how to reduce"
        r"|caveats and recommend|precaution|mitigaci|recomenda|raccomand|empfehlung|recommandation"
        r"|рекомендац|缓解|建议|推奨|対策|완화|권장|öneri"
    ),
    "training_data": (
        r"(?:pre-?|fine-?)?train(?:ing|ed)?[- ](?:and evaluation )?(?:data|corpus|corpora|dataset|set)"
        r"|(?:pre-?training) corp|^(?:the )?(?:data|datasets?|corpus|corpora)\b(?!.*(?:eval|test))"
        r"|datasets? (?:used|details)|data (?:sources?|and methods|mission)|dataset 📚"
        r"|\bdataset\b(?!.*(?:eval|test))|trained on|fine-?tuning data|pretraining data"
        r"|details of the .*dataset"
        r"|datos(?: de entrenamiento)?|dados(?: de treinamento| de treino)?|dati di addestramento|données"
        r"|trainingsdaten|daten(?:satz|sätze)?\b|trainingsgegevens|данные|корпус|датасет|训练(?:数据|语料|集)"
        r"|数据集?"
        r"|訓練(?:資料|数据|データ)|学習データ|データセット|コーパス|학습 ?데이터|데이터(?:셋)?|eğitim (?:veri|set)"
        r"|veri set|data pelatihan"
        r"|بيانات|داده"
    ),
    "training_procedure": (
        r"(?:pre-?)?training (?:procedure|details|process|hyper|regime|script|setup|set-up|parameters"
        r"|information|config|objective|infra|resources|techniques|method|time|code|stage)"
        r"|^(?:model )?(?:pre-?)?train(?:ing)?$|^(?:model )?fine-?tuning|hyper-?parameters?|pre-?processing"
        r"|^fine-?tun|how (?:is|was) .*trained|pre-?training$|implementation details|infrastructure"
        r"|optimi[sz]er|hardware|compute|speeds, sizes|technical specifications?|model training"
        r"|tokeni[sz]ation|learning rate|batch size|epochs|training data (?:&|and) (?:pre|proc)|training$"
        r"|train(?:ing)? this model|^details$"
        r"|entrenamiento|treinamento|addestramento|entraînement|training(?:s(?:prozess|verfahren|ablauf))"
        r"|обучени|训练(?:过程|细节|方法|参数|流程|步骤)?$|超参数|预处理|訓練方法|学習(?:方法|手順|設定)|前処理"
        r"|학습 ?(?:방법|과정|절차)|하이퍼|전처리"
        r"|eğitim (?:süreci|detay)|eğitim$|pelatihan"
    ),
    "evaluation_data": (
        r"(?:eval\w*|test(?:ing)?|validation|dev)[- ](?:data|datasets?|sets?|corpus|corpora)|benchmarks?\b"
        r"|testing data|^eval data|evaluation data|datasets? used for eval|evaluat\w+|eval (?:results"
        r"|scores)|performance|test (?:set|results|metrics)"
        r"|datos de (?:evaluación|prueba)|dados de (?:avaliação|teste)|données d['’](?:évaluation|test)"
        r"|testdaten|тестов|评估(?:数据)?|评测|测试(?:数据|集)|測試|評価(?:データ)?|テストデータ|평가"
    ),
    "results": (
        r"result|evaluat|\beval\b|performance|benchmarks?\b|scores?\b|accuracy|metrics?\b|perplexity"
        r"|leaderboard|test set metrics|quantitative anal|\bf1\b|\bbleu\b|comparison|experiments?"
        r"|resultado|risultati|résultat|ergebnis|evaluación|avaliação|valutazione|évaluation|auswertung"
        r"|leistung|rendimiento|desempenho|resultaten|результат|оценк|метрик|качество|评估|评测|性能|结果|指标"
        r"|效果|測試結果|結果"
        r"|評価|性能|精度|결과|성능|평가|sonuç|başarı|hasil|نتایج|النتائج|ارزیابی"
    ),
    "disaggregated": (
        r"factors\b|disaggregat|subgroups?|per[- ](?:class|language|group|category)|by (?:language|group"
        r"|gender|race|domain|class)|fairness (?:eval|metrics|results)|intersectional"
    ),
    "environment": (
        r"environmental|carbon|co2|emissions?\b|energy|footprint|hardware type|hours used|compute region"
        r"|cloud provider|impacto ambiental|impact environnemental|umwelt|окружающ|углерод|环境影响"
        r"|碳|環境|환경"
    ),
    "usage_code": (
        r"how (?:to|do i|can i) (?:use|run|get started|load|start)|^usage|quick ?(?:start|usage)"
        r"|getting started|get started|example|^use (?:this|the|it)|model in action|inference"
        r"|sample (?:code|usage)|^code|running|load(?:ing)?\b|^in transformers|demo|tutorial|pipeline"
        r"|install|quick tour|generation with|snippet|pytorch|tensorflow|transformers$"
        r"|cómo (?:usar|utilizar)|uso$|como (?:usar|utilizar)|come (?:usare|si usa)|utilisation$"
        r"|comment (?:utiliser|l['’]utiliser)|verwendung|nutzung|benutzung|gebruik|использовани"
        r"|как использовать|пример|使用(?:方法|方式|示例|说明)?$|快速(?:开始|使用)|如何使用|示例|用法|使い方"
        r"|使用方法|사용 ?(?:방법|법)|예[시제]"
        r"|kullanım$|nasıl kullan|cara (?:pakai|penggunaan|menggunakan)|نحوه استفاده|كيفية"
    ),
}
COMPILED = {item: re.compile(pattern) for item, pattern in TOPICS.items()}

# Words that make a heading about something else than it seems.
VETO = {
    "training_data": re.compile(r"evaluat|eval\b|test|validation|use|usage|load|data cards?$"),
    "evaluation_data": re.compile(r"training (?:data|corpus)$"),
    "intended_use": re.compile(
        r"out[- ]of[- ]scope|misuse|malicious|not |how to|datasets? used|hours used|excluded|code|example"
    ),
    "training_procedure": re.compile(
        r"training (?:data|dataset|corpus|set)s?$|training and evaluation data|hardware type|how to"
    ),
    "limitations": re.compile(r"token|rate limit"),
    "description": re.compile(r"out[- ]of|dataset|corpus|\bdata\b|how to|about us|details of (?!the model)"),
    "usage_code": re.compile(
        r"^code of conduct|intended|misuse|out[- ]of|secondary|primary|example(?:s)? of (?:bias|risk)"
        r"|sample input|training"
    ),
    "results": re.compile(
        r"metrics? used$|evaluation data(?:sets?)?$|evaluated use|eval(?:uation)? (?:data|corpus)"
    ),
    "citation": re.compile(r"limitation|paper size|bias"),
    "date_version": re.compile(r"data\b|up-?to-?date"),
    "contact": re.compile(
        r"question[- ]answer|human feedback|issues and|known issues|safety|supported|trained with"
    ),
    "developer": re.compile(r"limitation"),
    "bias_risks": re.compile(r"token|learn"),
}
NUMBERING = re.compile(r"^(?:[\divxIVX]{1,4}[.)]\s*)+|^(?:step|part|section) \d+[:.]?\s*")
LONGEST = 110


def topics_of(heading: str, is_field: bool = False) -> frozenset:
    """The items that a heading names; none for headings that are whole sentences."""
    text = re.sub(r"\[optional\]|\(optional\)", "", heading.lower())
    text = NUMBERING.sub("", re.sub(r"^[^\w]+|[^\w)]+$", "", text)).strip(" :")
    if not text or len(text) > LONGEST or (is_field and len(text) > 60):
        return frozenset()
    found = {item for item, pattern in COMPILED.items() if pattern.search(text)}
    return frozenset(item for item in found if item not in VETO or not VETO[item].search(text))
