#include "policy/composed.h"

#include "policy/expected_score.h"
#include "policy/lag_score.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

class Composed final : public Eviction {
  public:
    explicit Composed(const Settings & s) : settings_(s) {
        observers = { s.rows, s.window, s.self_guided };
        allocation = { s.allocation, s.alpha,     s.beta,
                       s.floor,      s.normalise, s.profile == LayerProfile::keys };
        layout = { s.ragged, s.head_alpha };
        protection = { s.sinks, s.recent, s.quota };
        units = s.units;
        positions = { s.share_positions, s.sharpen };
        drawing = { s.sample, s.seed };
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace & place) const override {
        const Settings & s = settings_;
        switch (s.score) {
            case ScoreKind::attention: return by_attention(layer, place);
            case ScoreKind::keydiff: return keydiff_score(layer);
            case ScoreKind::knorm: return knorm_score(layer);
            case ScoreKind::lagkv: return lag_score(s.partition, layer);
            case ScoreKind::expected: return expected_score(s.value, s.epsilon, layer);
            case ScoreKind::position: return position_score(layer);
            case ScoreKind::random: break;
        }
        return random_score(s.seed, layer, place);
    }

  protected:
    PolicyNeeds reads() const override {
        const Settings & s = settings_;
        PolicyNeeds needs;
        needs.keys = s.score == ScoreKind::keydiff || s.score == ScoreKind::knorm ||
                     s.score == ScoreKind::lagkv || s.score == ScoreKind::expected;
        needs.values = s.score == ScoreKind::lagkv;
        needs.query_moments = s.score == ScoreKind::expected;
        if (s.score == ScoreKind::attention) {
            needs.attention.statistics = statistics_of(s.aggregate);
            if (s.mass > 0.0 && s.aggregate != Aggregate::mean &&
                s.aggregate != Aggregate::variance) {
                needs.attention.statistics.push_back(Statistic::sum);
            }
        }
        needs.value = need_of(s.value, s.aggregate);
        return needs;
    }

    void reserve(const LayerCandidates & layer, const std::vector<float> & evidence, int rows,
                 std::vector<uint8_t> & kept) const override {
        reserve_critical(settings_.critical, layer, evidence, rows, kept);
        if (!evidence.empty()) {
            reserve_mass(settings_.mass, layer, rows, kept);
        }
    }

    int unscored() const override { return settings_.accumulated ? 0 : Eviction::unscored(); }

  private:
    LayerScore by_attention(const LayerCandidates & layer, const ScorePlace & place) const {
        const Settings & s = settings_;
        LayerScore score;
        std::vector<float> & e = score.evidence;
        e = pooled(s.accumulated ? layer.attention.sum : aggregated(s.aggregate, layer), layer,
                   s.pool, s.pool_maximum);
        if (s.shared_heads) {
            share_heads(layer, e);
        }
        if (s.accumulated) {
            for (size_t i = 0; i < e.size(); i++) {
                const float before = static_cast<float>(s.carry) * layer.carried[i];
                if (std::isfinite(before) && layer.carried[i] >= 0.0f) {
                    e[i] = std::isfinite(e[i]) ? e[i] + before : before;
                }
            }
        } else {
            join_carried(s.carry, layer, e);
        }
        score.rank = e;
        for (size_t i = 0; s.accumulated && i < score.rank.size(); i++) {
            const int64_t seen = place.stream_tokens - layer.token[i];
            score.rank[i] /= static_cast<float>(std::max<int64_t>(seen, 1));
        }
        if (s.defend) {
            raise_to_mean(layer, score.rank);
        }
        weigh_by_values({ s.value, s.epsilon, s.value_pool }, s.aggregate, layer, score.rank);
        return score;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Eviction> make_composed(const Settings & settings) {
    return std::make_unique<Composed>(settings);
}

} // namespace loci
