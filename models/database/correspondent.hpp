// A node that exchanges letters with the others of its database, whatever they write in them.
#pragma once

#include "models/node.hpp"

#include <cstddef>
#include <cstdint>

namespace archsim::models {

/// A node that receives letters of one kind.
template <class Text>
class Correspondent : public Node {
public:
    using Node::Node;
    /// `from` is the sender's number in the post.
    virtual void receive(const Text& letter, std::size_t from) = 0;
    /// Rises with every crash: what was to be sent in an earlier life does not leave.
    [[nodiscard]] std::uint32_t life() const { return life_; }

protected:
    void end_life() { ++life_; }

private:
    std::uint32_t life_ = 0;
};

}  // namespace archsim::models
