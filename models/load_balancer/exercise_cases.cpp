// The rows and the words of the load-balancing exercise, in Portuguese and English.
#include "models/load_balancer/exercise_cases.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace archsim::models {
namespace {

/// A text in both languages.
struct Text {
    std::string_view english;
    std::string_view portuguese;
    [[nodiscard]] std::string in(Language language) const {
        return std::string(language == Language::english ? english : portuguese);
    }
};

constexpr Text idle = {"all servers idle", "todos os servidores ociosos"};
constexpr Text open_on_s3 = {"u1's last request still open on s3",
                             "a última requisição de u1 ainda aberta em s3"};
constexpr Text all_open = {"every request stays open", "todas as requisições continuam abertas"};
constexpr Text uneven = {"open requests on s1 to s4: 1, 1, 0, 2",
                         "requisições abertas em s1 a s4: 1, 1, 0, 2"};
constexpr Text restarted = {"state lost on a change, as in an nginx reload",
                            "estado perdido na mudança, como no reload do nginx"};
constexpr Text weights = {"weights of s1 to s5: 1, 1, 2, 1, 1; just started",
                          "pesos de s1 a s5: 1, 1, 2, 1, 1; recém-iniciado"};
constexpr Text weights_restarted = {
    "weights of s1 to s5: 1, 1, 2, 1, 1; just started; state lost on a change",
    "pesos de s1 a s5: 1, 1, 2, 1, 1; recém-iniciado; estado perdido na mudança"};
constexpr Text random_ties = {"all servers idle, ties at random",
                              "todos ociosos, empates por sorteio"};
constexpr Text random_ties_open = {
    "u1's last request still open on s3, ties at random",
    "a última requisição de u1 ainda aberta em s3, empates por sorteio"};
constexpr Text first_ties = {"all servers idle, ties to the first",
                             "todos ociosos, empates para o primeiro"};
constexpr Text loads = {"loads reported by s1 to s5: 0.7, 0.4, 0.2, 0.5, 0",
                        "cargas informadas por s1 a s5: 0.7, 0.4, 0.2, 0.5, 0"};
constexpr Text times = {"mean response times of s1 to s4: 40, 20, 10, 30 ms; s5 unknown",
                        "tempos médios de s1 a s4: 40, 20, 10, 30 ms; s5 desconhecido"};
constexpr Text distinct_open = {
    "two distinct servers; u1's last request still open on s3",
    "dois servidores distintos; a última requisição de u1 ainda aberta em s3"};
constexpr Text repeated_open = {
    "drawn with replacement; u1's last request still open on s3",
    "sorteio com reposição; a última requisição de u1 ainda aberta em s3"};
constexpr Text bounded_open = {
    "bounded load 1.25; u1's last request still open on s3",
    "carga limitada a 1.25; a última requisição de u1 ainda aberta em s3"};
constexpr Text of_nginx = {"as nginx", "como o nginx"};
constexpr Text of_haproxy = {"as HAProxy", "como o HAProxy"};
constexpr Text of_envoy = {"as Envoy", "como o Envoy"};
constexpr Text of_ketama = {"as libketama", "como a libketama"};

ExerciseCase row(BalancingConfig config, std::string variant) {
    ExerciseCase c;
    c.config = std::move(config);
    c.variant = std::move(variant);
    return c;
}

ExerciseCase row(BalancingConfig config, std::string variant, Before before, OpenRequests open) {
    ExerciseCase c = row(std::move(config), std::move(variant));
    c.before = before;
    c.open = open;
    return c;
}

ConsistentHash::Config ring(RingPoints points, std::int64_t virtual_nodes) {
    ConsistentHash::Config config;
    config.points = points;
    config.virtual_nodes = virtual_nodes;
    return config;
}

void add_rotating(std::vector<ExerciseCase>& rows, Language language) {
    rows.push_back(row(RoundRobin::Config{}, {}, Before::rotation, OpenRequests::none));
    rows.push_back(
        row(RoundRobin::Config{}, restarted.in(language), Before::rotation, OpenRequests::none));
    rows.back().restarted_on_change = true;
    rows.push_back(row(WeightedRoundRobin::Config{}, weights.in(language)));
    rows.back().weights = {1, 1, 2, 1, 1};
    rows.push_back(row(WeightedRoundRobin::Config{}, weights_restarted.in(language)));
    rows.back().weights = {1, 1, 2, 1, 1};
    rows.back().restarted_on_change = true;
    rows.push_back(row(RandomChoice::Config{}, {}));
    rows.push_back(row(FirstUsable::Config{}, {}));
}

void add_least_connections(std::vector<ExerciseCase>& rows, Language language) {
    rows.push_back(row(LeastConnections::Config{}, random_ties.in(language)));
    rows.push_back(row(LeastConnections::Config{}, random_ties_open.in(language), Before::nothing,
                       OpenRequests::last_of_u1));
    rows.push_back(row(LeastConnections::Config{TieBreak::first}, first_ties.in(language)));
    const std::pair<const Text*, OpenRequests> states[] = {{&idle, OpenRequests::none},
                                                           {&open_on_s3, OpenRequests::last_of_u1},
                                                           {&all_open, OpenRequests::all},
                                                           {&uneven, OpenRequests::uneven}};
    for (const auto& [text, open] : states) {
        rows.push_back(
            row(WeightedLeastConnections::Config{}, text->in(language), Before::rotation, open));
    }
    rows.push_back(row(WeightedLeastConnections::Config{}, restarted.in(language), Before::rotation,
                       OpenRequests::none));
    rows.back().restarted_on_change = true;
}

void add_measured(std::vector<ExerciseCase>& rows, Language language) {
    rows.push_back(row(LeastLoaded::Config{}, loads.in(language)));
    rows.back().loads = {0.7, 0.4, 0.2, 0.5, 0.0};
    rows.push_back(row(LeastResponseTime::Config{}, times.in(language)));
    rows.back().mean_times_ms = {40, 20, 10, 30, 0};
    PowerOfChoices::Config with_replacement;
    with_replacement.replacement = true;
    rows.push_back(row(PowerOfChoices::Config{}, idle.in(language)));
    rows.push_back(row(PowerOfChoices::Config{}, distinct_open.in(language), Before::nothing,
                       OpenRequests::last_of_u1));
    rows.push_back(row(with_replacement, repeated_open.in(language), Before::nothing,
                       OpenRequests::last_of_u1));
}

void add_sticky(std::vector<ExerciseCase>& rows, Language language) {
    rows.push_back(row(Session::Config{}, {}, Before::rotation, OpenRequests::none));
    rows.push_back(row(IpHash::Config{}, of_nginx.in(language)));
    rows.push_back(
        row(HashChoice::Config{HashBy::session, HashFormula::nginx}, of_nginx.in(language)));
    rows.push_back(
        row(HashChoice::Config{HashBy::session, HashFormula::haproxy}, of_haproxy.in(language)));
    rows.push_back(row(ConsistentHash::Config{}, {}));
    ConsistentHash::Config bounded;
    bounded.bounded_load = 1.25;
    rows.push_back(
        row(bounded, bounded_open.in(language), Before::nothing, OpenRequests::last_of_u1));
    rows.push_back(row(ring(RingPoints::nginx, 160), of_nginx.in(language)));
    rows.push_back(row(ring(RingPoints::haproxy, 16), of_haproxy.in(language)));
    rows.push_back(row(ring(RingPoints::envoy, 1024), of_envoy.in(language)));
    rows.push_back(row(ring(RingPoints::ketama, 160), of_ketama.in(language)));
    rows.push_back(row(MaglevHash::Config{}, {}));
    rows.push_back(row(RendezvousHash::Config{}, {}));
}

}  // namespace

std::vector<ExerciseCase> exercise_cases(Language language) {
    std::vector<ExerciseCase> rows;
    add_rotating(rows, language);
    add_least_connections(rows, language);
    add_measured(rows, language);
    add_sticky(rows, language);
    return rows;
}

std::vector<std::string> exercise_assumptions(Language language, std::uint64_t seed) {
    if (language == Language::portuguese) {
        return {
            "s1 a s4 são iguais (peso 1) e estão ociosos, salvo indicação na linha; s5 também.",
            "Antes de t1, dois outros usuários foram atendidos por s1 e s2 e depois u1 por s3: a "
            "rotação está depois de s3.",
            "Cada requisição termina antes da seguinte, salvo indicação na linha.",
            "A falha de s3 ocorre entre t2 e t3 e o balanceador já a percebeu em t3.",
            "s5 entra entre t2 e t3 sem reiniciar o balanceador, salvo indicação na linha.",
            "Os endereços de s1 a s5 são 127.0.0.11:9100 a 127.0.0.15:9100; os hashes usam esses "
            "nomes.",
            "Com hash não se escolhe o passado: u1 é o primeiro nome de u1-0, u1-1, ... que a "
            "política envia a s3 (com todos ociosos), e u2 é o texto u2. Para ip_hash, u2 é "
            "127.0.2.1, e u1 é o "
            "primeiro outro endereço 127.0.k.1 (k = 1, 2, ...) que vai para s3.",
            fmt::format("Onde há sorteio, a tabela traz as probabilidades e o sorteio da semente "
                        "{}.",
                        seed),
        };
    }
    return {
        "s1 to s4 are equal (weight 1) and idle unless the row says otherwise; so is s5.",
        "Before t1 two other users were served by s1 and s2 and then u1 by s3: the rotation "
        "stands after s3.",
        "Each request ends before the next one unless the row says otherwise.",
        "s3 fails between t2 and t3, and the balancer knows it at t3.",
        "s5 joins between t2 and t3 without a restart of the balancer unless the row says "
        "otherwise.",
        "The addresses of s1 to s5 are 127.0.0.11:9100 to 127.0.0.15:9100; hashes use these names.",
        "With a hash the past cannot be chosen: u1 is the first name of u1-0, u1-1, ... that the "
        "policy sends to s3 (while all are idle), and u2 is the text u2. For ip_hash, u2 is "
        "127.0.2.1, and u1 is the "
        "first other address 127.0.k.1 (k = 1, 2, ...) that goes to s3.",
        fmt::format(
            "Where something is drawn, there are the probabilities and the draw of seed {}.", seed),
    };
}

std::vector<std::string> exercise_questions(Language language) {
    if (language == Language::portuguese) {
        return {"1. Para onde vai u1? Colunas t1 e t3.", "2. Para onde vai u2? Coluna t2.",
                "3. Para onde vai u1 em t3 se s3 estiver indisponível? Coluna t3 sem s3.",
                "4. O que muda em t3 se s5 for adicionado entre t2 e t3? Coluna t3 com s5."};
    }
    return {"1. Where does u1 go? Columns t1 and t3.", "2. Where does u2 go? Column t2.",
            "3. Where does u1 go at t3 if s3 is down? Column t3 without s3.",
            "4. What changes at t3 if s5 joins between t2 and t3? Column t3 with s5."};
}

}  // namespace archsim::models
