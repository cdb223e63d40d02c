// Naive references of the policies with several segments or with remembered keys; see naive.hpp.
#pragma once

#include "tests/models/cache/naive.hpp"

namespace archsim::tests {

/// Segment 0 is probation; the others have `limit` each.
class NaiveSlru : public Naive {
public:
    NaiveSlru(std::uint64_t capacity, int top, std::uint64_t limit)
        : Naive{capacity}, top_{top}, limit_{limit} {}

private:
    void used(Item& item) override {
        renew(item, std::min(item.segment + 1, top_));
        reweighed();
    }
    void reweighed() override {
        for (int segment = top_; segment > 0; --segment) {
            while (load(segment) > limit_) renew(*oldest(segment), segment - 1);
        }
    }
    std::uint64_t victim() override {
        int segment = 0;
        while (oldest(segment) == nullptr) ++segment;
        return oldest(segment)->key;
    }

    int top_;
    std::uint64_t limit_;
};

/// Segment 0 is A1in, segment 1 Am.
class NaiveTwoQ : public Naive {
public:
    NaiveTwoQ(std::uint64_t capacity, std::uint64_t in, std::uint64_t out)
        : Naive{capacity}, in_{in}, out_{out} {}

private:
    void used(Item& item) override {
        if (item.segment == 1) renew(item, 1);
    }
    void arriving(std::uint64_t key, std::uint64_t /*weight*/) override {
        returns_ = ghosts_.forget(key);
    }
    void placed(Item& item) override { item.segment = returns_ ? 1 : 0; }
    std::uint64_t victim() override {
        if (load(1) > 0 && load(0) <= in_) return oldest(1)->key;
        const Item& item = *oldest(0);
        if (item.weight <= out_) {
            ghosts_.add(item.key, item.weight);
            ghosts_.shrink(out_);
        }
        return item.key;
    }
    void cleared() override { ghosts_.clear(); }

    NaiveGhosts ghosts_;
    std::uint64_t in_;
    std::uint64_t out_;
    bool returns_ = false;
};

/// Segment 0 is T1, segment 1 T2.
class NaiveArc : public Naive {
    using Naive::Naive;
    void used(Item& item) override { renew(item, 1); }
    void arriving(std::uint64_t key, std::uint64_t weight) override {
        const auto first = static_cast<double>(b1_.load());
        const auto second = static_cast<double>(b2_.load());
        const auto step = static_cast<double>(weight);
        in_b1_ = b1_.contains(key);
        in_b2_ = b2_.contains(key);
        weight_ = weight;
        if (in_b1_) {
            p_ =
                std::min(static_cast<double>(capacity_), p_ + step * std::max(1.0, second / first));
        } else if (in_b2_) {
            p_ = std::max(0.0, p_ - step * std::max(1.0, first / second));
        } else {
            b1_.shrink(left(capacity_, load(0) + weight));
            b2_.shrink(left(2 * capacity_, load(0) + b1_.load() + load(1) + weight));
        }
        b1_.forget(key);
        b2_.forget(key);
        is_new_ = !in_b1_ && !in_b2_;
    }
    void placed(Item& item) override {
        item.segment = is_new_ ? 0 : 1;
        is_new_ = in_b2_ = false;
    }
    std::uint64_t victim() override {
        const auto t1 = static_cast<double>(load(0));
        if (is_new_ && t1 > 0 && load(0) + weight_ > capacity_) return oldest(0)->key;
        const bool first = load(1) == 0 || (t1 > 0 && (t1 > p_ || (in_b2_ && t1 == p_)));
        const Item& item = *oldest(first ? 0 : 1);
        (first ? b1_ : b2_).add(item.key, item.weight);
        return item.key;
    }
    void cleared() override {
        b1_.clear();
        b2_.clear();
        p_ = 0.0;
    }
    static std::uint64_t left(std::uint64_t whole, std::uint64_t taken) {
        return whole > taken ? whole - taken : 0;
    }

    NaiveGhosts b1_;
    NaiveGhosts b2_;
    double p_ = 0.0;
    std::uint64_t weight_ = 0;
    bool in_b1_ = false;
    bool in_b2_ = false;
    bool is_new_ = false;
};

/// Segment 0 is the small queue, segment 1 the main one.
class NaiveS3Fifo : public Naive {
public:
    NaiveS3Fifo(std::uint64_t capacity, std::uint64_t main, std::uint64_t ghosts,
                std::uint64_t threshold)
        : Naive{capacity}, main_{main}, most_ghosts_{ghosts}, threshold_{threshold} {}

private:
    void used(Item& item) override { item.uses = std::min<std::uint64_t>(item.uses + 1, 3); }
    void arriving(std::uint64_t key, std::uint64_t /*weight*/) override {
        returns_ = ghosts_.forget(key);
    }
    void placed(Item& item) override { item.segment = returns_ ? 1 : 0; }
    std::uint64_t victim() override {
        if (load(1) <= main_) {
            while (Item* const item = oldest(0)) {
                if (item->uses < threshold_) {
                    if (item->weight <= most_ghosts_) {
                        ghosts_.add(item->key, item->weight);
                        ghosts_.shrink(most_ghosts_);
                    }
                    return item->key;
                }
                item->uses = 0;
                renew(*item, 1);
            }
        }
        while (oldest(1)->uses > 0) {
            --oldest(1)->uses;
            renew(*oldest(1), 1);
        }
        return oldest(1)->key;
    }
    void cleared() override { ghosts_.clear(); }

    NaiveGhosts ghosts_;
    std::uint64_t main_;
    std::uint64_t most_ghosts_;
    std::uint64_t threshold_;
    bool returns_ = false;
};

/// Segment 0 is the window, 1 probation, 2 protected. Counts are exact, which a sketch of few keys
/// is too.
class NaiveTinyLfu : public Naive {
public:
    NaiveTinyLfu(std::uint64_t capacity, std::uint64_t window, std::uint64_t proven,
                 std::uint64_t period)
        : Naive{capacity}, window_{window}, proven_{proven}, period_{period} {}

private:
    void used(Item& item) override {
        count(item.key);
        renew(item, item.segment == 0 ? 0 : 2);
        settle();
    }
    void arriving(std::uint64_t key, std::uint64_t weight) override {
        count(key);
        weight_ = weight;
    }
    void placed(Item& /*item*/) override {
        weight_ = 0;
        settle();
    }
    void reweighed() override { settle(); }
    std::uint64_t victim() override {
        Item* const main = oldest(1) != nullptr ? oldest(1) : oldest(2);
        Item* const candidate = oldest(0);
        if (main == nullptr) return candidate->key;
        if (candidate == nullptr || load(0) + weight_ <= window_) return main->key;
        if (counts_[candidate->key] <= counts_[main->key]) return candidate->key;
        renew(*candidate, 1);
        return main->key;
    }
    void cleared() override {
        counts_.clear();
        steps_ = 0;
    }
    void settle() {
        while (load(0) > window_ && segment_count(0) > 1) renew(*oldest(0), 1);
        while (load(2) > proven_) renew(*oldest(2), 1);
    }
    std::ptrdiff_t segment_count(int segment) const {
        return std::count_if(items_.begin(), items_.end(),
                             [segment](const Item& item) { return item.segment == segment; });
    }
    void count(std::uint64_t key) {
        counts_[key] = std::min<std::uint64_t>(counts_[key] + 1, 15);
        if (++steps_ < period_) return;
        for (auto& [counted, uses] : counts_) uses /= 2;
        steps_ /= 2;
    }

    std::map<std::uint64_t, std::uint64_t> counts_;
    std::uint64_t window_;
    std::uint64_t proven_;
    std::uint64_t period_;
    std::uint64_t weight_ = 0;
    std::uint64_t steps_ = 0;
};

}  // namespace archsim::tests
