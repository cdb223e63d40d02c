// The tree of components under each load source, with a probability at each.
#include "scenarios/theory_availability.hpp"

#include "models/theory/reliability.hpp"
#include "scenarios/theory.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::CallProfile;
using models::Node;
namespace theory = models::theory;

/// Works out the availability under one load source.
class Tree {
public:
    /// Both arguments outlive the tree.
    Tree(const Flow& flow, const std::vector<models::Uptime>& uptimes)
        : flow_{flow}, uptimes_{uptimes} {}

    /// The share of requests of this stream that are answered; nothing if no form holds.
    std::optional<double> of(std::size_t number) {
        const Stream& stream = flow_.streams[number];
        const ComponentFlow& component = flow_.components[stream.component];
        if (!enter(stream.component)) return std::nullopt;
        if (stream.profile.avoids_down) return of_any(stream, component);
        const std::optional<double> own = own_share(stream, component);
        const std::optional<double> below = of_calls(stream);
        if (!own || !below) return std::nullopt;
        return *own * *below;
    }

    /// The forms that were used, in words; empty if nothing on the way fails.
    [[nodiscard]] std::string formula() const {
        std::string text;
        for (const std::string& form : forms_) text += (text.empty() ? "" : ", ") + form;
        return text;
    }

private:
    [[nodiscard]] double up_share(const Node* node) const {
        const auto found = std::ranges::find(uptimes_, node, &models::Uptime::node);
        return found == uptimes_.end() ? 1.0 : found->share;
    }
    [[nodiscard]] bool fails(const ComponentFlow& component) const {
        return std::ranges::any_of(component.component->members(),
                                   [this](const Node* node) { return up_share(node) < 1.0; });
    }

    /// Says false if a component that fails is reached in a second way, or has more ways to lose a
    /// request.
    bool enter(std::size_t number) {
        const ComponentFlow& component = flow_.components[number];
        const bool is_again = !reached_.insert(number).second;
        if (is_again && fails(component)) return false;
        for (const std::size_t i : component.streams) {
            const models::Profile& profile = flow_.streams[i].profile;
            if (profile.cache) return false;
            if (profile.station && (profile.station->queue || profile.station->sheds)) return false;
        }
        return component.is_stable();
    }

    /// Share of requests whose member is up, or enough of them are.
    std::optional<double> own_share(const Stream& stream, const ComponentFlow& component) {
        std::vector<double> shares;
        for (const Node* const node : component.component->members()) {
            shares.push_back(up_share(node));
        }
        if (!fails(component)) return 1.0;
        if (const auto& quorum = stream.profile.quorum) {
            const auto first = shares.begin() + quorum->of;
            if (std::any_of(first, shares.end(), [](double share) { return share < 1.0; })) {
                return std::nullopt;
            }
            forms_.insert("k of n");
            return theory::k_of_n_availability(static_cast<int>(quorum->needed),
                                               std::span{shares.begin(), first});
        }
        if (component.component->holds_data() && shares.size() > 1) return std::nullopt;
        forms_.insert("series");
        double sum = 0.0;
        for (const double share : shares) sum += share;
        return sum / static_cast<double>(shares.size());
    }

    /// All awaited calls have to succeed, each as often as it is made.
    std::optional<double> of_calls(const Stream& stream) {
        double all = 1.0;
        double alternatives = 0.0;
        bool has_alternatives = false;
        for (std::size_t c = 0; c < stream.callees.size(); ++c) {
            const CallProfile& call = stream.profile.calls[c];
            if (!call.awaited) continue;
            const std::optional<double> callee = of(stream.callees[c]);
            if (!callee) return std::nullopt;
            if (*callee < 1.0 && (!call.plain || call.stood_in_for || call.at_most)) {
                return std::nullopt;
            }
            if (call.one_of) {
                has_alternatives = true;
                alternatives += call.mean_calls * *callee;
            } else {
                // Several calls of one request find the same state.
                all *= 1.0 - std::min(1.0, call.mean_calls) * (1.0 - *callee);
            }
        }
        return has_alternatives ? all * alternatives : all;
    }

    /// One of all instances of all callees has to be up, and what they call in turn.
    std::optional<double> of_any(const Stream& stream, const ComponentFlow& component) {
        if (fails(component)) return std::nullopt;
        double none = 1.0;
        double below = 1.0;
        for (const CallProfile& call : stream.profile.calls) {
            if (!call.one_of || call.stood_in_for) return std::nullopt;
        }
        for (const std::size_t s : stream.callees) {
            const Stream& callee = flow_.streams[s];
            const ComponentFlow& target = flow_.components[callee.component];
            if (!enter(callee.component) || callee.profile.avoids_down || callee.profile.quorum) {
                return std::nullopt;
            }
            for (const Node* const node : target.component->members()) none *= 1.0 - up_share(node);
            const std::optional<double> under = of_calls(callee);
            if (!under) return std::nullopt;
            // Alternatives that each depend on something else that fails are not simply parallel.
            if (*under < 1.0 && stream.callees.size() > 1) return std::nullopt;
            below *= *under;
        }
        if (none > 0.0) forms_.insert("parallel");
        return (1.0 - none) * below;
    }

    const Flow& flow_;
    const std::vector<models::Uptime>& uptimes_;
    std::set<std::size_t> reached_;  // numbers of components
    std::set<std::string> forms_;
};

/// The availability of a load source, all its operations together.
std::optional<Prediction> predict(const Flow& flow, const ComponentFlow& source,
                                  const std::vector<models::Uptime>& uptimes) {
    double sum = 0.0;
    double weights = 0.0;
    std::string formula;
    for (const std::size_t s : source.streams) {
        Tree tree{flow, uptimes};
        const std::optional<double> share = tree.of(s);
        if (!share) return std::nullopt;
        // A closed loop asks more often while it is refused at once.
        const double weight = flow.streams[s].issued;
        if (weight <= 0.0) return std::nullopt;
        sum += weight * *share;
        weights += weight;
        if (!tree.formula().empty()) formula = tree.formula();
    }
    if (formula.empty() || weights <= 0.0) return std::nullopt;
    return Prediction{source.component->name() + "/availability", sum / weights,
                      "availability: " + formula};
}

}  // namespace

std::vector<Prediction> predict_availability(const Flow& flow, const World& world) {
    std::vector<models::Uptime> uptimes;
    for (const auto& fault : world.faults()) {
        const std::optional<std::vector<models::Uptime>> more = fault->uptimes();
        if (!more) return {};
        for (const models::Uptime& one : *more) {
            // Two processes of failures at one node: none of the two is the whole truth.
            if (std::ranges::find(uptimes, one.node, &models::Uptime::node) != uptimes.end()) {
                return {};
            }
            uptimes.push_back(one);
        }
    }
    std::vector<Prediction> found;
    for (const ComponentFlow& component : flow.components) {
        if (!component.is_source) continue;
        if (auto prediction = predict(flow, component, uptimes)) found.push_back(*prediction);
    }
    return found;
}

}  // namespace archsim::scenarios
