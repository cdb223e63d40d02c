// The walk from the answer back to the question.
#include "models/critical_path.hpp"

#include <algorithm>
#include <cstddef>

namespace archsim::models {

namespace {

class Walk {
public:
    explicit Walk(const Journey& journey)
        : journey_{journey},
          is_try_used_(journey.tries.size()),
          is_work_used_(journey.work.size()) {}

    std::vector<PathPart> take() {
        const Node* const source = journey_.tries.empty() ? nullptr : journey_.tries.front().from;
        visit(source, journey_.request.issued, journey_.ended, true);
        return std::move(parts_);
    }

private:
    static constexpr std::size_t none = SIZE_MAX;

    /// Goes through the time that `node` had the request, from `end` back to `begin`.
    void visit(const Node* node, sim::Instant begin, sim::Instant end, bool is_source) {
        sim::Instant now = end;
        const TrySpan* later = nullptr;  // the try that followed
        while (true) {
            const std::size_t call = last_try(node, begin, now);
            const std::size_t work = last_work(node, begin, now);
            if (call == none && work == none) break;
            const bool is_work = work != none && (call == none || journey_.work[work].done >=
                                                                      *journey_.tries[call].ended);
            if (is_work) {
                const WorkSpan& span = journey_.work[work];
                is_work_used_[work] = true;
                gap(node, is_source, later, now - span.done);
                add(Spent::service, nullptr, node, span.done - span.begun);
                add(Spent::queue, nullptr, node, span.begun - span.queued);
                now = span.queued;
                later = nullptr;
            } else {
                const TrySpan& span = journey_.tries[call];
                is_try_used_[call] = true;
                gap(node, is_source, later, now - *span.ended);
                pass(span, later);
                now = span.sent;
                later = &span;
            }
        }
        gap(node, is_source, later, now - begin);
    }

    /// A call on the path: its legs and what happened at the callee, or all of it as lost where
    /// `later` repeats it.
    void pass(const TrySpan& span, const TrySpan* later) {
        const bool is_repeated =
            later != nullptr && later->attempt > 1 && span.outcome != Outcome::ok;
        if (is_repeated || !span.replied || !span.delivered) {
            add(Spent::lost_try, span.from, span.to, *span.ended - span.sent);
            return;
        }
        add(Spent::network, span.from, span.to,
            (*span.delivered - span.sent) + (*span.ended - *span.replied));
        visit(span.to, *span.delivered, *span.replied, false);
    }

    /// Time in which nothing was under way for the request at `node`.
    void gap(const Node* node, bool is_source, const TrySpan* later, sim::Duration time) {
        if (later != nullptr && later->attempt > 1) {
            add(Spent::pause, later->from, later->to, time);
        } else {
            add(Spent::inside, nullptr, is_source ? nullptr : node, time);
        }
    }

    void add(Spent spent, const Node* from, const Node* at, sim::Duration time) {
        if (time > sim::Duration{}) parts_.push_back({spent, from, at, time});
    }

    /// The unused call of `node` that ended last in [begin, end], or none.
    [[nodiscard]] std::size_t last_try(const Node* node, sim::Instant begin,
                                       sim::Instant end) const {
        std::size_t found = none;
        for (std::size_t i = 0; i < journey_.tries.size(); ++i) {
            const TrySpan& span = journey_.tries[i];
            if (is_try_used_[i] || span.from != node || !span.ended) continue;
            if (span.sent < begin || *span.ended > end) continue;
            if (found == none || *span.ended >= *journey_.tries[found].ended) found = i;
        }
        return found;
    }
    [[nodiscard]] std::size_t last_work(const Node* node, sim::Instant begin,
                                        sim::Instant end) const {
        std::size_t found = none;
        for (std::size_t i = 0; i < journey_.work.size(); ++i) {
            const WorkSpan& span = journey_.work[i];
            if (is_work_used_[i] || span.at != node) continue;
            if (span.queued < begin || span.done > end) continue;
            if (found == none || span.done >= journey_.work[found].done) found = i;
        }
        return found;
    }

    const Journey& journey_;
    std::vector<bool> is_try_used_;
    std::vector<bool> is_work_used_;
    std::vector<PathPart> parts_;
};

}  // namespace

std::vector<PathPart> critical_path(const Journey& journey) { return Walk{journey}.take(); }

}  // namespace archsim::models
