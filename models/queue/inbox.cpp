// Work at a consumer's instance, and what the inbox makes of it.
#include "models/queue/inbox.hpp"

#include "models/queue/subscription.hpp"

namespace archsim::models {

/// The awaitable of a request that the worker serves; a crash of the worker ends it. Processes of
/// inboxes end with those of their workers and never before.
class Inbox::Work final : private sim::Completion<Response> {
public:
    Work(Node& worker, const Request& request) : worker_{worker}, request_{request} {}

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiter) {
        worker_.accept(request_, *this);
        if (answered_) return false;
        waiter_ = waiter;
        return true;
    }
    [[nodiscard]] Response await_resume() const noexcept { return response_; }

private:
    void completed(Response response) override {
        response_ = response;
        answered_ = true;
        if (waiter_) waiter_.resume();
    }
    void abandoned() override { completed(Response::only(Outcome::unreachable)); }

    Node& worker_;
    const Request& request_;
    Response response_;
    std::coroutine_handle<> waiter_;
    bool answered_ = false;
};

sim::Task<Response> Inbox::serve(Request request) {
    Response response;
    if (!worker_.is_up()) {
        response.outcome = Outcome::unreachable;
        co_return response;
    }
    if (subscription_.knows(request)) co_return response;
    Work work{worker_, request};
    response = co_await work;
    if (response.outcome == Outcome::ok) subscription_.note_processed(request);
    co_return response;
}

}  // namespace archsim::models
