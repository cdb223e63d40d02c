// English and Portuguese.
#include "reports/html/words.hpp"

namespace archsim::reports {

namespace {

constexpr Words english = {
    .code = "en",
    .verdicts = "Expectations",
    .all_hold = "All expectations hold",
    .some_fail = "Expectations that do not hold",
    .undecided = "Undecided: the interval contains the bound",
    .no_expectations = "The scenario states no expectations",
    .expectation = "expectation",
    .observed = "observed",
    .interval = "95 % interval",
    .verdict = "verdict",
    .note = "note",
    .topology = "Architecture",
    .load = "Load",
    .latency = "Latency",
    .distribution = "Latency: share of requests answered by then",
    .tail = "Tail: share of requests that take longer",
    .over_time = "Over time",
    .stations = "Stations",
    .theory = "Against theory",
    .measured = "measured",
    .predicted = "closed form",
    .deviation = "deviation",
    .formula = "formula",
    .failure_points = "Single points of failure",
    .cost = "Cost",
    .per_month = "per month",
    .together = "together",
    .warnings = "Warnings",
    .assumptions = "Assumptions",
    .all_metrics = "All metrics",
    .metric = "metric",
    .value = "value",
    .unit = "unit",
    .time = "simulated time",
    .share_above = "share above",
    .no_data = "no data",
    .partial = "This result is partial",
    .replications = "replications of",
    .seed = "seed",
    .without_warm_up = "without the first",
    .slowest = "Where the tail comes from",
    .faults = "Faults and changes",
};

constexpr Words portuguese = {
    .code = "pt-BR",
    .verdicts = "Expectativas",
    .all_hold = "Todas as expectativas se cumprem",
    .some_fail = "Expectativas que não se cumprem",
    .undecided = "Sem decisão: o intervalo contém o limite",
    .no_expectations = "O cenário não declara expectativas",
    .expectation = "expectativa",
    .observed = "observado",
    .interval = "intervalo de 95 %",
    .verdict = "veredito",
    .note = "nota",
    .topology = "Arquitetura",
    .load = "Carga",
    .latency = "Latência",
    .distribution = "Latência: parcela das requisições já respondidas",
    .tail = "Cauda: parcela das requisições que demoram mais",
    .over_time = "Ao longo do tempo",
    .stations = "Estações",
    .theory = "Comparação com a teoria",
    .measured = "medido",
    .predicted = "forma fechada",
    .deviation = "desvio",
    .formula = "fórmula",
    .failure_points = "Pontos únicos de falha",
    .cost = "Custo",
    .per_month = "por mês",
    .together = "no total",
    .warnings = "Avisos",
    .assumptions = "Suposições",
    .all_metrics = "Todas as métricas",
    .metric = "métrica",
    .value = "valor",
    .unit = "unidade",
    .time = "tempo simulado",
    .share_above = "parcela acima",
    .no_data = "sem dados",
    .partial = "Este resultado é parcial",
    .replications = "replicações de",
    .seed = "semente",
    .without_warm_up = "sem os primeiros",
    .slowest = "De onde vem a cauda",
    .faults = "Falhas e mudanças",
};

}  // namespace

const Words& words_of(models::Language language) {
    return language == models::Language::portuguese ? portuguese : english;
}

}  // namespace archsim::reports
