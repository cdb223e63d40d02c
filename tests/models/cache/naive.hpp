// The eviction policies written a second time, as plainly as their papers state them: every object
// has a segment and the time it entered it, and whatever is asked for is searched for.
// O(residents) a step; nothing is shared with the real ones.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace archsim::tests {

using Keys = std::vector<std::uint64_t>;

/// What all have in common: who is resident, and evicting until an object fits.
class Naive {
public:
    explicit Naive(std::uint64_t capacity) : capacity_{capacity} {}
    virtual ~Naive() = default;

    bool contains(std::uint64_t key) { return find(key) != nullptr; }
    std::uint64_t count() const { return items_.size(); }
    std::uint64_t occupied() const {
        std::uint64_t sum = 0;
        for (const Item& item : items_) sum += item.weight;
        return sum;
    }
    /// A read; the key must be resident.
    void use(std::uint64_t key) { used(*find(key)); }
    /// A write of an object that fits; gives the victims in order.
    Keys put(std::uint64_t key, std::uint64_t weight) {
        if (Item* item = find(key)) {
            used(*item);
            item = find(key);
            if (item->weight == weight) return {};
            item->weight = weight;
            reweighed();
            return make_room(0);
        }
        arriving(key, weight);
        Keys victims = make_room(weight);
        items_.push_back(Item{key, weight, 0, ++now_, 0});
        placed(items_.back());
        return victims;
    }
    void erase(std::uint64_t key) {
        erasing(key);
        remove(key);
    }
    void clear() {
        items_.clear();
        cleared();
    }

protected:
    struct Item {
        std::uint64_t key = 0;
        std::uint64_t weight = 0;
        int segment = 0;
        std::uint64_t stamp = 0;  ///< when it entered the segment, or was moved to its front
        std::uint64_t uses = 0;
    };

    virtual void used(Item& item) = 0;
    virtual void arriving(std::uint64_t /*key*/, std::uint64_t /*weight*/) {}
    /// Key of the object to leave; it is still resident.
    virtual std::uint64_t victim() = 0;
    virtual void placed(Item& /*item*/) {}
    virtual void reweighed() {}
    virtual void erasing(std::uint64_t /*key*/) {}
    virtual void cleared() {}

    Item* find(std::uint64_t key) {
        for (Item& item : items_) {
            if (item.key == key) return &item;
        }
        return nullptr;
    }
    /// The item of a segment that entered first, or null.
    Item* oldest(int segment) {
        Item* result = nullptr;
        for (Item& item : items_) {
            const bool is_older = result == nullptr || item.stamp < result->stamp;
            if (item.segment == segment && is_older) result = &item;
        }
        return result;
    }
    std::uint64_t load(int segment) const {
        std::uint64_t sum = 0;
        for (const Item& item : items_) sum += item.segment == segment ? item.weight : 0;
        return sum;
    }
    void renew(Item& item, int segment) {
        item.segment = segment;
        item.stamp = ++now_;
    }

    std::vector<Item> items_;
    std::uint64_t capacity_;
    std::uint64_t now_ = 0;

private:
    Keys make_room(std::uint64_t weight) {
        Keys victims;
        while (occupied() + weight > capacity_) {
            victims.push_back(victim());
            remove(victims.back());
        }
        return victims;
    }
    void remove(std::uint64_t key) {
        std::erase_if(items_, [key](const Item& item) { return item.key == key; });
    }
};

/// Keys that left, oldest first.
class NaiveGhosts {
public:
    bool forget(std::uint64_t key) {
        return std::erase_if(keys_, [key](const auto& ghost) { return ghost.first == key; }) > 0;
    }
    bool contains(std::uint64_t key) const {
        return std::any_of(keys_.begin(), keys_.end(),
                           [key](const auto& ghost) { return ghost.first == key; });
    }
    void add(std::uint64_t key, std::uint64_t weight) { keys_.emplace_back(key, weight); }
    void shrink(std::uint64_t limit) {
        while (load() > limit) keys_.erase(keys_.begin());
    }
    std::uint64_t load() const {
        std::uint64_t sum = 0;
        for (const auto& ghost : keys_) sum += ghost.second;
        return sum;
    }
    void clear() { keys_.clear(); }

private:
    std::vector<std::pair<std::uint64_t, std::uint64_t>> keys_;
};

class NaiveLru : public Naive {
    using Naive::Naive;
    void used(Item& item) override { renew(item, 0); }
    std::uint64_t victim() override { return oldest(0)->key; }
};

class NaiveFifo : public Naive {
    using Naive::Naive;
    void used(Item& /*item*/) override {}
    std::uint64_t victim() override { return oldest(0)->key; }
};

class NaiveLfu : public Naive {
public:
    NaiveLfu(std::uint64_t capacity, std::uint64_t aging) : Naive{capacity}, aging_{aging} {}

private:
    void used(Item& item) override {
        ++item.uses;
        renew(item, 0);
        age();
    }
    void placed(Item& item) override {
        item.uses = 1;
        age();
    }
    void cleared() override { steps_ = 0; }
    std::uint64_t victim() override {
        return std::min_element(items_.begin(), items_.end(), less)->key;
    }

    static bool less(const Item& a, const Item& b) {
        return std::pair{a.uses, a.stamp} < std::pair{b.uses, b.stamp};
    }
    void age() {
        if (aging_ == 0 || ++steps_ < aging_ * items_.size()) return;
        steps_ = 0;
        std::sort(items_.begin(), items_.end(), less);
        for (Item& item : items_) {
            item.stamp = ++now_;
            item.uses = std::max<std::uint64_t>(item.uses / 2, 1);
        }
    }

    std::uint64_t aging_;
    std::uint64_t steps_ = 0;
};

class NaiveClock : public Naive {
public:
    NaiveClock(std::uint64_t capacity, std::uint64_t most, std::uint64_t first)
        : Naive{capacity}, most_{most}, first_{first} {}

private:
    void used(Item& item) override { item.uses = std::min(item.uses + 1, most_); }
    void placed(Item& item) override { item.uses = first_; }
    std::uint64_t victim() override {
        while (oldest(0)->uses > 0) {
            --oldest(0)->uses;
            renew(*oldest(0), 0);
        }
        return oldest(0)->key;
    }

    std::uint64_t most_;
    std::uint64_t first_;
};

class NaiveSieve : public Naive {
    using Naive::Naive;
    void used(Item& item) override { item.uses = 1; }
    /// Stamps order the queue, which nothing leaves its place in.
    std::uint64_t victim() override {
        Item* at = hand_ == 0 ? oldest(0) : stamped(hand_);
        while (at->uses != 0) {
            at->uses = 0;
            Item* const newer = next_newer(at->stamp);
            at = newer == nullptr ? oldest(0) : newer;
        }
        move_on(*at);
        return at->key;
    }
    void erasing(std::uint64_t key) override {
        if (find(key)->stamp == hand_) move_on(*find(key));
    }
    void cleared() override { hand_ = 0; }

    Item* stamped(std::uint64_t stamp) {
        return &*std::find_if(items_.begin(), items_.end(),
                              [stamp](const Item& item) { return item.stamp == stamp; });
    }
    Item* next_newer(std::uint64_t stamp) {
        Item* result = nullptr;
        for (Item& item : items_) {
            if (item.stamp > stamp && (result == nullptr || item.stamp < result->stamp)) {
                result = &item;
            }
        }
        return result;
    }
    void move_on(const Item& item) {
        const Item* const newer = next_newer(item.stamp);
        hand_ = newer == nullptr ? 0 : newer->stamp;
    }

    std::uint64_t hand_ = 0;  ///< stamp of the next object to look at; 0: the oldest
};

}  // namespace archsim::tests
