// The titles of chapters and tables, and names under pictures, in Portuguese. A chapter is made in
// English, because a result is the same in every language; what stands here is only how a page
// shows it.
#include "reports/html/words.hpp"

#include <algorithm>
#include <array>

namespace archsim::reports {

namespace {

struct Translation {
    std::string_view english;
    std::string_view portuguese;
};

constexpr std::array titles = {
    Translation{"Consistency and availability (CAP, PACELC)",
                "Consistência e disponibilidade (CAP, PACELC)"},
    Translation{"Why (first replication)", "Por quê (primeira replicação)"},
    Translation{"What the words mean: the guide, and Gilbert and Lynch, whom the class follows",
                "O que as palavras querem dizer: o guia, e Gilbert e Lynch, seguidos pela classe"},
    Translation{"Answers by side, operation and window; 95 % intervals after Wilson",
                "Respostas por lado, operação e janela; intervalos de 95 % de Wilson"},
    Translation{"Latency of answered operations, mean over replications",
                "Latência das operações respondidas, média das replicações"},
    Translation{"Stale reads by window", "Leituras desatualizadas por janela"},
    Translation{"How long after a write its readers see it (worst replication)",
                "Quanto tempo depois de uma escrita os leitores a veem (pior replicação)"},
    Translation{"From the last answer before a fault to the first after it began",
                "Da última resposta antes de uma falha à primeira depois do seu início"},
    Translation{"Proof: these operations alone fit no order",
                "Prova: estas operações sozinhas não cabem em nenhuma ordem"},
    Translation{"Where the slowest requests spend their time",
                "Onde as requisições mais lentas gastam o tempo"},
    Translation{"Critical path of the requests that took at least the 99th percentile",
                "Caminho crítico das requisições que levaram ao menos o percentil 99"},
    Translation{"Failures and their blast radius", "Falhas e o seu alcance"},
    Translation{"Fewest instances whose failure cuts users off (minimum vertex cut)",
                "Menor número de instâncias cuja falha isola os usuários (corte mínimo)"},
    Translation{"Each node killed for a whole run: share of answers lost",
                "Cada nó derrubado por uma execução inteira: parcela das respostas perdidas"},
    Translation{"The same by operation", "O mesmo por operação"},
    Translation{"Random faults", "Falhas aleatórias"},
    Translation{"What happened in replication 0", "O que aconteceu na replicação 0"},
    Translation{"After the trigger: does the goodput come back?",
                "Depois do gatilho: o goodput volta?"},
    Translation{"Goodput before and after each trigger, means over replications",
                "Goodput antes e depois de cada gatilho, médias das replicações"},
    Translation{"violation", "violação"},
    Translation{"key", "chave"},
    Translation{"Why", "Por quê"},
    Translation{"What limits this design", "O que limita este projeto"},
};

}  // namespace

std::string_view title_in(const Words& words, std::string_view english) {
    if (words.code == "en") return english;
    const auto* const found = std::ranges::find(titles, english, &Translation::english);
    return found != titles.end() ? found->portuguese : english;
}

}  // namespace archsim::reports
